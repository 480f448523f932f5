import type { EntityManager } from 'typeorm';
import { dialectOf } from '../../database/insert-rows.js';
import { bookPending } from '../../usage/rollups/book-pending.js';
import type { BudgetScope } from '../rules/budget-rule.js';
import type { PeriodBounds } from '../rules/budget-period.js';
import { nameOf, type BudgetSubject } from './budget-subject.js';
import { parametersOf } from './sql-parameters.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
/** Late entries of a period that is over are still counted for this long. */
const KEPT_AFTER_MS = 40 * 24 * HOUR_MS;

const COLUMN: Record<Exclude<BudgetScope, 'global'>, string> = {
  key: 'api_key_id',
  client: 'client_id',
  provider: 'provider',
};

export interface CounterKey {
  readonly subject: BudgetSubject;
  readonly period: PeriodBounds;
}

/**
 * Begins to count, within the transaction of `manager`, with what the books say so far. From then
 * on the trigger adds each entry. Nothing happens when it is counted already.
 */
export async function seedCounter(
  manager: EntityManager,
  { subject, period }: CounterKey,
): Promise<void> {
  if (period.start % MINUTE_MS !== 0 || period.end % MINUTE_MS !== 0) {
    // Pending entries are added to counters by the minute.
    throw new Error('A period of a budget does not begin and end with whole minutes.');
  }
  // SQLite has one writer. PostgreSQL would let an entry slip in between the sum and the counter.
  if (dialectOf(manager) === 'postgres') {
    await manager.query('LOCK TABLE usage_entries IN SHARE MODE');
  }
  // Else they would be in the sum and be added to the counter as well.
  await bookPending(manager);
  const key = [nameOf(subject), period.start, period.end];
  const known = parametersOf(manager);
  const rows: unknown[] = await manager.query(
    `SELECT 1 FROM budget_counters
     WHERE subject = ${known.of(key[0])} AND period_start = ${known.of(key[1])} AND period_end = ${known.of(key[2])}`,
    known.values,
  );
  if (rows.length > 0) return;
  const spent = await sumOf(manager, subject, period);
  const counter = parametersOf(manager);
  await manager.query(
    `INSERT INTO budget_counters (subject, period_start, period_end, spent_nano_usd, alerted_percent)
     VALUES (${[...key, spent, 0].map((value) => counter.of(value)).join(', ')})`,
    counter.values,
  );
  await forgetOldCounters(manager, Date.now() - KEPT_AFTER_MS);
}

/** Whole hours from the roll-ups, the rest from the entries. */
async function sumOf(
  manager: EntityManager,
  subject: BudgetSubject,
  { start, end }: PeriodBounds,
): Promise<number> {
  const parameters = parametersOf(manager);
  const { scope, scopeId } = subject;
  // Values are bound in the order in which the text is put together.
  const whose = (): string =>
    scope === 'global' ? '' : ` AND ${COLUMN[scope]} = ${parameters.of(scopeId)}`;
  const firstHour = Math.ceil(start / HOUR_MS) * HOUR_MS;
  const lastHour = Math.max(firstHour, Math.floor(end / HOUR_MS) * HOUR_MS);
  const within = (column: string, from: number, to: number): string =>
    `${column} >= ${parameters.of(from)} AND ${column} < ${parameters.of(to)}`;
  const entries = (from: number, to: number): string =>
    `(SELECT COALESCE(SUM(cost_nano_usd), 0) FROM usage_entries
      WHERE kind <> 'reserved' AND ${within('created_at', from, to)}${whose()})`;
  const edge = Math.min(firstHour, end);
  const [row]: { spent: number | string }[] = await manager.query(
    `SELECT (SELECT COALESCE(SUM(cost_nano_usd), 0) FROM usage_rollups
       WHERE bucket_ms = ${HOUR_MS} AND ${within('bucket_start', firstHour, lastHour)}${whose()})
       + ${entries(start, edge)} + ${entries(Math.max(edge, lastHour), end)} AS spent`,
    parameters.values,
  );
  return Number(row?.spent ?? 0);
}

async function forgetOldCounters(manager: EntityManager, before: number): Promise<void> {
  for (const table of ['budget_grants', 'budget_counters']) {
    const parameters = parametersOf(manager);
    await manager.query(
      `DELETE FROM ${table} WHERE period_end < ${parameters.of(before)}`,
      parameters.values,
    );
  }
}
