import type { QueryRunner } from 'typeorm';
import { SQLITE_BUDGET_TRIGGER } from './0005-budgets.js';
import { SQLITE_ROLLUP_TRIGGER } from './0006-rollups-by-minute-hour-day.js';
import type { Migration } from './migration.js';

/**
 * On SQLite no entry is added to its roll-ups and budgets by itself any more. `usage_position` says
 * up to which entry that was done. What was appended since, the pending entries, are added to all of
 * them together when the position moves; until then the views ending in `_now` add them to what is
 * stored while it is read. So an entry is in every sum of these views as soon as it is committed,
 * whoever appended it. PostgreSQL adds the entries of a statement together already: it has the views
 * for their names only.
 */
export class UsagePendingEntries implements Migration {
  readonly name = '0009-usage-pending-entries';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of isPostgres(runner) ? POSTGRES_UP : SQLITE_UP) {
      await runner.query(statement);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const statement of isPostgres(runner) ? POSTGRES_DOWN : SQLITE_DOWN) {
      await runner.query(statement);
    }
  }
}

function isPostgres(runner: QueryRunner): boolean {
  return runner.connection.options.type === 'postgres';
}

const MINUTE = 60_000;
const WIDTHS = [MINUTE, 3_600_000, 86_400_000];
const NAMES = ['client_id', 'api_key_id', 'provider', 'model', 'status'];
const KEYS = ['bucket_ms', 'bucket_start', ...NAMES];

const when = (condition: string) => `CASE WHEN ${condition} THEN requests ELSE 0 END`;
/** What one entry adds to each column, as before. */
const SUM_OF: Record<string, string> = {
  requests: 'requests',
  input_tokens: 'input_tokens',
  cached_input_tokens: 'cached_input_tokens',
  cache_write_tokens: 'cache_write_tokens + cache_write_1h_tokens',
  output_tokens: 'output_tokens',
  reasoning_tokens: 'reasoning_tokens',
  cost_nano_usd: 'COALESCE(cost_nano_usd, 0)',
  provider_cost_nano_usd: 'COALESCE(provider_cost_nano_usd, 0)',
  unpriced_requests: when('cost_nano_usd IS NULL'),
  estimated_requests: when('estimated'),
  latency_ms: 'COALESCE(latency_ms, 0) * requests',
  latency_requests: when('latency_ms IS NOT NULL'),
  first_chunk_ms: 'COALESCE(first_chunk_ms, 0) * requests',
  first_chunk_requests: when('first_chunk_ms IS NOT NULL'),
};
const SUMS = Object.keys(SUM_OF);
const COLUMNS = [...KEYS, ...SUMS].join(', ');

const PENDING = `rowid > (SELECT booked_up_to FROM usage_position) AND kind <> 'reserved'`;

// By the minute first: a row for each width is made of few rows then, and each entry is read once.
const PENDING_ROLLUPS = `
  SELECT widths.bucket_ms, minute_start - (minute_start % widths.bucket_ms) AS bucket_start,
    ${NAMES.join(', ')}, ${SUMS.map((sum) => `SUM(${sum}) AS ${sum}`).join(', ')}
  FROM (
    SELECT created_at - (created_at % ${MINUTE}) AS minute_start, ${NAMES.join(', ')},
      ${SUMS.map((sum) => `SUM(${SUM_OF[sum]}) AS ${sum}`).join(', ')}
    FROM usage_entries WHERE ${PENDING}
    GROUP BY 1, ${NAMES.join(', ')}
  ) minutes
  CROSS JOIN (${WIDTHS.map((width) => `SELECT ${width} AS bucket_ms`).join(' UNION ALL ')}) widths
  GROUP BY 1, 2, ${NAMES.join(', ')}`;

// Periods begin and end with whole minutes, so a minute's cost belongs to one of them. A correction
// is no business of the process that booked the request, so grants are left alone by it.
const PENDING_COSTS = `
  SELECT counter.subject, counter.period_start, counter.period_end, costs.process_id,
    SUM(costs.cost) AS cost, SUM(costs.granted_cost) AS granted_cost
  FROM (
    SELECT created_at - (created_at % ${MINUTE}) AS minute_start,
      api_key_id, client_id, provider, process_id, SUM(cost_nano_usd) AS cost,
      SUM(CASE WHEN kind = 'adjusted' THEN 0 ELSE cost_nano_usd END) AS granted_cost
    FROM usage_entries
    WHERE ${PENDING} AND COALESCE(cost_nano_usd, 0) <> 0 AND EXISTS (SELECT 1 FROM budget_counters)
    GROUP BY 1, api_key_id, client_id, provider, process_id
  ) costs
  CROSS JOIN budget_counters counter
  WHERE counter.subject IN ('key:' || costs.api_key_id, 'client:' || costs.client_id,
      'provider:' || costs.provider, 'global:')
    AND counter.period_start <= costs.minute_start AND counter.period_end > costs.minute_start
  GROUP BY counter.subject, counter.period_start, counter.period_end, costs.process_id`;

const ADD_TO_STORED = `ON CONFLICT (${KEYS.join(', ')}) DO UPDATE SET ${SUMS.map(
  (sum) => `${sum} = ${sum} + excluded.${sum}`,
).join(', ')}`;

const OF_COUNTER = ['subject', 'period_start', 'period_end'];
const same = (one: string, other: string, columns: readonly string[]) =>
  columns.map((column) => `${one}.${column} = ${other}.${column}`).join(' AND ');

const SPENT_PENDING = `SELECT ${OF_COUNTER.join(', ')}, SUM(cost) AS cost
  FROM budget_costs_pending GROUP BY ${OF_COUNTER.join(', ')}`;
const ofCounter = same('budget_counters', 'pending', OF_COUNTER);
const ofGrant = same('budget_grants', 'pending', [...OF_COUNTER, 'process_id']);

const BOOKED_UP_TO_NOW = 'COALESCE((SELECT MAX(rowid) FROM usage_entries), 0)';

const SQLITE_UP = [
  'DROP TRIGGER usage_entries_rollup',
  'DROP TRIGGER usage_entries_budget',
  'CREATE TABLE usage_position (booked_up_to bigint NOT NULL)',
  `INSERT INTO usage_position VALUES (${BOOKED_UP_TO_NOW})`,
  // What is added while reading must not change behind what was read.
  ...['UPDATE', 'DELETE'].map(
    (change) => `CREATE TRIGGER usage_entries_before_${change.toLowerCase()}
     BEFORE ${change} ON usage_entries
     WHEN OLD.rowid > (SELECT booked_up_to FROM usage_position)
     BEGIN
       UPDATE usage_position SET booked_up_to = ${BOOKED_UP_TO_NOW};
     END`,
  ),
  // SQLite gives the number of the last entry to the next one when the last one is deleted.
  `CREATE TRIGGER usage_entries_position AFTER DELETE ON usage_entries
   WHEN OLD.rowid = (SELECT booked_up_to FROM usage_position)
   BEGIN
     UPDATE usage_position SET booked_up_to = ${BOOKED_UP_TO_NOW};
   END`,
  `CREATE VIEW usage_rollups_pending AS ${PENDING_ROLLUPS}`,
  `CREATE VIEW usage_rollups_now AS SELECT ${COLUMNS} FROM usage_rollups
   UNION ALL SELECT ${COLUMNS} FROM usage_rollups_pending`,
  `CREATE VIEW budget_costs_pending AS ${PENDING_COSTS}`,
  `CREATE VIEW budget_counters_now AS
   SELECT budget_counters.subject, budget_counters.period_start, budget_counters.period_end,
     spent_nano_usd + COALESCE(pending.cost, 0) AS spent_nano_usd
   FROM budget_counters LEFT JOIN (${SPENT_PENDING}) pending ON ${ofCounter}`,
  `CREATE VIEW budget_grants_now AS
   SELECT budget_grants.subject, budget_grants.period_start, budget_grants.period_end,
     budget_grants.process_id,
     MAX(0, granted_nano_usd - COALESCE(pending.granted_cost, 0)) AS granted_nano_usd
   FROM budget_grants LEFT JOIN budget_costs_pending pending ON ${ofGrant}`,
  `CREATE TRIGGER usage_booking BEFORE UPDATE ON usage_position
   WHEN NEW.booked_up_to > OLD.booked_up_to
   BEGIN
     SELECT RAISE(ABORT, 'all pending entries are booked, or none')
     WHERE NEW.booked_up_to <> ${BOOKED_UP_TO_NOW};
     UPDATE budget_counters SET spent_nano_usd = spent_nano_usd + pending.cost
     FROM (${SPENT_PENDING}) pending WHERE ${ofCounter};
     UPDATE budget_grants SET granted_nano_usd = MAX(0, granted_nano_usd - pending.granted_cost)
     FROM budget_costs_pending pending WHERE ${ofGrant};
     INSERT INTO usage_rollups (${COLUMNS})
     SELECT ${COLUMNS} FROM usage_rollups_pending WHERE true ${ADD_TO_STORED};
   END`,
];

const SQLITE_DOWN = [
  `UPDATE usage_position SET booked_up_to = ${BOOKED_UP_TO_NOW}`,
  'DROP TRIGGER usage_booking',
  'DROP VIEW budget_grants_now',
  'DROP VIEW budget_counters_now',
  'DROP VIEW budget_costs_pending',
  'DROP VIEW usage_rollups_now',
  'DROP VIEW usage_rollups_pending',
  'DROP TRIGGER usage_entries_position',
  'DROP TRIGGER usage_entries_before_delete',
  'DROP TRIGGER usage_entries_before_update',
  'DROP TABLE usage_position',
  SQLITE_ROLLUP_TRIGGER,
  SQLITE_BUDGET_TRIGGER,
];

const POSTGRES_UP = [
  `CREATE VIEW usage_rollups_pending AS SELECT ${COLUMNS} FROM usage_rollups WHERE false`,
  `CREATE VIEW usage_rollups_now AS SELECT ${COLUMNS} FROM usage_rollups`,
  `CREATE VIEW budget_counters_now AS
   SELECT ${OF_COUNTER.join(', ')}, spent_nano_usd FROM budget_counters`,
  `CREATE VIEW budget_grants_now AS
   SELECT ${OF_COUNTER.join(', ')}, process_id, granted_nano_usd FROM budget_grants`,
];
const POSTGRES_DOWN = [
  'DROP VIEW budget_grants_now',
  'DROP VIEW budget_counters_now',
  'DROP VIEW usage_rollups_now',
  'DROP VIEW usage_rollups_pending',
];
