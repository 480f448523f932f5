import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BudgetProcess, SUBJECTS } from '../../../test/support/budget-process.js';
import { openTestDatabase, type TestDatabase } from '../../../test/support/test-database.js';
import { seedCounter } from './budget-counters.js';
import { nameOf, type BudgetSubject } from './budget-subject.js';

const HOUR = 3_600_000;
const FIRST = Math.floor(Date.now() / HOUR) * HOUR;
const LAST = FIRST + 24 * HOUR;
/** Half an hour off, as a day is in a good part of the world. */
const PERIOD = { start: FIRST + HOUR / 2, end: LAST + HOUR / 2 };
const INSIDE = [
  PERIOD.start,
  FIRST + HOUR - 1,
  FIRST + HOUR,
  FIRST + 10 * HOUR,
  LAST,
  PERIOD.end - 1,
];
const OUTSIDE = [PERIOD.start - 1, FIRST, PERIOD.end, LAST + HOUR];

let database: TestDatabase;
let proxy: BudgetProcess;

beforeEach(async () => {
  database = await openTestDatabase();
  proxy = await BudgetProcess.start(database, database.writerSource, []);
});

afterEach(async () => {
  await proxy.stop();
  await database.close();
});

function seed(subject: BudgetSubject): Promise<void> {
  return proxy.writer.transaction((manager) => seedCounter(manager, { subject, period: PERIOD }));
}

async function spent(subject: BudgetSubject): Promise<number | undefined> {
  const [row]: { spent_nano_usd: number }[] = await database.reader.query(
    `SELECT spent_nano_usd FROM budget_counters_now WHERE subject = '${nameOf(subject)}'`,
  );
  return row?.spent_nano_usd;
}

/** Costs that no two sums of which are alike. */
async function bookEverywhere(): Promise<number> {
  let sum = 0;
  for (const [index, at] of [...INSIDE, ...OUTSIDE].entries()) {
    await proxy.book(at, 2 ** index, 'settled');
    if (index < INSIDE.length) sum += 2 ** index;
  }
  return sum;
}

describe(seedCounter, () => {
  it.each(SUBJECTS)('begins with what the books say of the period: $scope', async (subject) => {
    const sum = await bookEverywhere();
    await seed(subject);
    expect(await spent(subject)).toBe(sum);
  });

  it.each(SUBJECTS)('and goes on with each entry: $scope', async (subject) => {
    await seed(subject);
    expect(await spent(subject)).toBe(0);
    expect(await bookEverywhere()).toBe(await spent(subject));
    await seed(subject);
    expect(await bookEverywhere()).toBe(((await spent(subject)) ?? 0) / 2);
  });

  it('refuses a period that is not one of whole minutes', async () => {
    const period = { ...PERIOD, start: PERIOD.start + 1 };
    const subject = SUBJECTS[0];
    await expect(
      proxy.writer.transaction((manager) => seedCounter(manager, { subject, period })),
    ).rejects.toThrow('whole minutes');
  });

  it('counts nothing of others', async () => {
    const strangers = [
      { scope: 'key', scopeId: 'other' },
      { scope: 'client', scopeId: 'key' },
      { scope: 'provider', scopeId: 'client' },
    ] as const;
    await bookEverywhere();
    for (const stranger of strangers) await seed(stranger);
    await bookEverywhere();
    for (const stranger of strangers) expect(await spent(stranger)).toBe(0);
  });
});
