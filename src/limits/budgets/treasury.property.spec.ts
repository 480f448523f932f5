import { describe, it } from 'vitest';
import { expectBudgetsToHold } from '../../../test/support/budget-town.js';
import { Treasury } from './treasury.js';

describe(Treasury.name, () => {
  it(
    'never grants more than there is, whatever happens in whatever order in two processes',
    () => expectBudgetsToHold(40, () => Promise.resolve({})),
    120_000,
  );
});
