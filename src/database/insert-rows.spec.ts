import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { describeInsertRows } from '../../test/support/insert-rows-behaviour.js';
import { openTestDatabase, type TestDatabase } from '../../test/support/test-database.js';
import { insertRows, insertTarget } from './insert-rows.js';
import type { InsertTable } from './insert-table.js';

const REVISIONS: InsertTable = {
  table: 'revisions',
  columns: [
    { name: 'topic', type: 'text' },
    { name: 'revision', type: 'integer' },
  ],
};

describe(insertRows, () => {
  let database: TestDatabase;

  beforeEach(async () => {
    database = await openTestDatabase();
  });

  afterEach(() => database.close());

  describeInsertRows(() => database);

  // JavaScript's numbers are floats to SQLite; the ledger's are to be integers.
  it.each([
    ['a number', 3, { type: 'integer', revision: 3 }],
    ['a large number', 2 ** 45, { type: 'integer', revision: 2 ** 45 }],
    ['a bigint', 7n, { type: 'integer', revision: 7 }],
    ['true', true, { type: 'integer', revision: 1 }],
  ])('stores %s as an integer', async (_what, value, stored) => {
    const target = insertTarget<unknown>(REVISIONS, (revision) => [1, revision]);
    await database.writer.append(target, value);
    expect(
      await database.reader.query(
        'SELECT topic, typeof(revision) AS type, revision FROM revisions',
      ),
    ).toEqual([{ topic: '1', ...stored }]);
  });

  it.each([undefined, null, Number.NaN, Infinity])('stores %s as NULL', async (value) => {
    const target = insertTarget<unknown>(REVISIONS, (revision) => ['t', revision]);
    await expect(database.writer.append(target, value)).rejects.toMatchObject({
      cause: { message: expect.stringContaining('NOT NULL') },
    });
  });
});
