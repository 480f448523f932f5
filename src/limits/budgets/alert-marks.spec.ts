import { describe, it } from 'vitest';
import { expectMarksOnce } from '../../../test/support/alert-marks-behaviour.js';
import { markAlerted } from './alert-marks.js';

describe(markAlerted, () => {
  it('is true once for each share of each budget and period, over all processes', () =>
    expectMarksOnce());
});
