import { DataSource } from 'typeorm';
import { expect } from 'vitest';
import { GroupCommitWriter } from '../../src/database/group-commit-writer.js';
import type { DatabaseSettings } from '../../src/database/database-settings.js';
import { dataSourceOptions } from '../../src/database/data-source-options.js';
import { markAlerted, type AlertMark } from '../../src/limits/budgets/alert-marks.js';
import { openTestDatabase } from './test-database.js';

const PERIOD = { start: 0, end: 86_400_000 };
const RULE = { id: 'budget_1', limitNanoUsd: 1_000_000_000 };

/** Each threshold is marked by one of several processes, once, and no smaller one after it. */
export async function expectMarksOnce(settings: Partial<DatabaseSettings> = {}): Promise<void> {
  const database = await openTestDatabase([], settings);
  const sources = await Promise.all(
    [1, 2].map(() => new DataSource(dataSourceOptions(database.settings, 'writer')).initialize()),
  );
  const writers = sources.map((source) => new GroupCommitWriter(source, database.settings));
  /** How many of twenty at once are told that they are the first. */
  const firsts = async (mark: Partial<AlertMark>): Promise<number> => {
    const marks = await Promise.all(
      Array.from({ length: 10 }, () => writers)
        .flat()
        .map((writer) =>
          writer.transaction((manager) =>
            markAlerted(manager, { rule: RULE, period: PERIOD, percent: 50, ...mark }),
          ),
        ),
    );
    return marks.filter(Boolean).length;
  };
  try {
    const counts: number[] = [];
    for (const percent of [50, 50, 100, 80, 100]) counts.push(await firsts({ percent }));
    expect(counts).toEqual([1, 0, 1, 0, 0]);
    expect(await firsts({ rule: { ...RULE, id: 'budget_2' } })).toBe(1);
    expect(await firsts({ rule: { ...RULE, limitNanoUsd: 2_000_000_000 } })).toBe(1);
    expect(await firsts({ period: { start: PERIOD.end, end: 2 * PERIOD.end } })).toBe(1);
  } finally {
    for (const writer of writers) await writer.drain();
    for (const source of sources) await source.destroy();
    await database.close();
  }
}
