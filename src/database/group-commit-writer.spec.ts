import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { openTestDatabase, type TestDatabase } from '../../test/support/test-database.js';
import type { AppendTarget } from './append.js';
import { RowRejectedError } from './database-errors.js';
import { GroupCommitWriter } from './group-commit-writer.js';
import { insertJsonRows } from './json-rows.js';

const TOPICS = {
  table: 'revisions',
  columns: [
    { name: 'topic', type: 'text' },
    { name: 'revision', type: 'integer' },
  ],
} as const;

interface Topic {
  topic: string;
  revision: number;
}

describe(GroupCommitWriter.name, () => {
  let database: TestDatabase;
  let batches: number[];
  let target: AppendTarget<Topic>;

  beforeEach(async () => {
    database = await openTestDatabase();
    batches = [];
    target = {
      name: 'revisions',
      write: (manager, rows) => {
        batches.push(rows.length);
        return insertJsonRows(
          manager,
          TOPICS,
          rows.map(({ topic, revision }) => [topic, revision]),
        );
      },
    };
  });

  afterEach(() => database.close());

  const countRows = async (): Promise<number> => {
    const [row] = await database.reader.query('SELECT count(*) AS n FROM revisions');
    return row.n;
  };

  it('commits the appends of one turn of the event loop together', async () => {
    await Promise.all(
      Array.from({ length: 100 }, (_, index) =>
        database.writer.append(target, { topic: `t${index}`, revision: index }),
      ),
    );
    expect(batches).toEqual([100]);
    expect(await countRows()).toBe(100);
  });

  it('rejects the one row that cannot be stored and writes the others', async () => {
    await database.writer.append(target, { topic: 't3', revision: 0 });
    const results = await Promise.allSettled(
      Array.from({ length: 8 }, (_, index) =>
        database.writer.append(target, { topic: `t${index}`, revision: index }),
      ),
    );
    const rejected = results.filter((result) => result.status === 'rejected');
    expect(rejected.map(({ reason }) => reason)).toEqual([expect.any(RowRejectedError)]);
    expect(results[3]?.status).toBe('rejected');
    expect(await countRows()).toBe(8);
  });
});
