import { afterEach, describe, it } from 'vitest';
import { expectMarksOnce } from '../support/alert-marks-behaviour.js';
import { expectBudgetsToHold } from '../support/budget-town.js';
import { createTestPostgres, type TestPostgres } from '../support/test-postgres.js';

describe('budgets on PostgreSQL', () => {
  const databases: TestPostgres[] = [];

  afterEach(async () => {
    for (const each of databases.splice(0)) await each.drop();
  });

  it(
    'never grant more than there is, whatever happens in whatever order in two processes',
    () =>
      expectBudgetsToHold(10, async () => {
        const database = await createTestPostgres();
        databases.push(database);
        return { url: database.url };
      }),
    120_000,
  );

  it('tell each threshold once, over all processes', async () => {
    const database = await createTestPostgres();
    databases.push(database);
    await expectMarksOnce({ url: database.url });
  });
});
