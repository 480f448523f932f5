import { type QueryRunner, Table, type TableColumnOptions } from 'typeorm';
import { UsageRollupsByTrigger } from './0002-usage-rollups-by-trigger.js';
import type { Migration } from './migration.js';

const WIDTHS = [60_000, 3_600_000, 86_400_000];
const HOUR = 3_600_000;

const KEYS = [
  'bucket_ms',
  'bucket_start',
  'client_id',
  'api_key_id',
  'provider',
  'model',
  'status',
];

/** Columns of the roll-ups of hours that there were before. */
const EARLIER_SUMS = [
  'requests',
  'input_tokens',
  'cached_input_tokens',
  'cache_write_tokens',
  'output_tokens',
  'reasoning_tokens',
  'cost_nano_usd',
  'unpriced_requests',
  'estimated_requests',
];

/**
 * Roll-ups of minutes, hours and days in one table, with what dashboards read besides: the
 * provider's own cost and the sums of both times. An entry says itself how many requests it
 * counts as, so that a correction can take one back under one status and book it under another.
 * Where entries are deleted by age, `retention_horizons` says from when on they are complete.
 */
export class RollupsByMinuteHourDay implements Migration {
  readonly name = '0006-rollups-by-minute-hour-day';

  async up(runner: QueryRunner): Promise<void> {
    await new UsageRollupsByTrigger().down(runner);
    // Not by the table API: on SQLite that would copy the ledger, and take its triggers away.
    await runner.query('ALTER TABLE usage_entries ADD COLUMN requests smallint NOT NULL DEFAULT 1');
    await runner.query(
      `UPDATE usage_entries SET requests = 0 WHERE kind IN ('reserved', 'adjusted')`,
    );
    await runner.dropTable('usage_rollups');
    await runner.createTable(usageRollups());
    await runner.createTable(retentionHorizons());
    await runner.query(
      `INSERT INTO usage_rollups (${COLUMNS}) ${sumsFrom('usage_entries')} ${GROUPED}`,
    );
    for (const statement of isPostgres(runner) ? POSTGRES_UP : SQLITE_UP) {
      await runner.query(statement);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const statement of isPostgres(runner) ? POSTGRES_DOWN : SQLITE_DOWN) {
      await runner.query(statement);
    }
    await runner.query('ALTER TABLE usage_rollups RENAME TO usage_rollups_to_drop');
    await runner.createTable(hourlyRollups());
    const columns = [...KEYS.slice(1), ...EARLIER_SUMS].join(', ');
    await runner.query(
      `INSERT INTO usage_rollups (${columns})
       SELECT ${columns} FROM usage_rollups_to_drop WHERE bucket_ms = ${HOUR}`,
    );
    await runner.query('DROP TABLE usage_rollups_to_drop');
    await runner.dropTable('retention_horizons');
    await runner.query('ALTER TABLE usage_entries DROP COLUMN requests');
    await new UsageRollupsByTrigger().up(runner);
  }
}

function isPostgres(runner: QueryRunner): boolean {
  return runner.connection.options.type === 'postgres';
}

/** What one entry adds to each column; `entry` is the row's name in the statement. */
function sumsOf(entry: string): Record<string, string> {
  const when = (condition: string) => `CASE WHEN ${condition} THEN ${entry}.requests ELSE 0 END`;
  return {
    requests: `${entry}.requests`,
    input_tokens: `${entry}.input_tokens`,
    cached_input_tokens: `${entry}.cached_input_tokens`,
    cache_write_tokens: `${entry}.cache_write_tokens + ${entry}.cache_write_1h_tokens`,
    output_tokens: `${entry}.output_tokens`,
    reasoning_tokens: `${entry}.reasoning_tokens`,
    cost_nano_usd: `COALESCE(${entry}.cost_nano_usd, 0)`,
    provider_cost_nano_usd: `COALESCE(${entry}.provider_cost_nano_usd, 0)`,
    unpriced_requests: when(`${entry}.cost_nano_usd IS NULL`),
    estimated_requests: when(`${entry}.estimated`),
    latency_ms: `COALESCE(${entry}.latency_ms, 0) * ${entry}.requests`,
    latency_requests: when(`${entry}.latency_ms IS NOT NULL`),
    first_chunk_ms: `COALESCE(${entry}.first_chunk_ms, 0) * ${entry}.requests`,
    first_chunk_requests: when(`${entry}.first_chunk_ms IS NOT NULL`),
  };
}

const SUMS = Object.keys(sumsOf(''));
const COLUMNS = [...KEYS, ...SUMS].join(', ');
const ADD_TO_STORED = `ON CONFLICT (${KEYS.join(', ')}) DO UPDATE SET ${SUMS.map(
  (sum) => `${sum} = usage_rollups.${sum} + excluded.${sum}`,
).join(', ')}`;

const keysOf = (entry: string, width: string): string =>
  `${width}, ${entry}.created_at - (${entry}.created_at % ${width}), ${entry}.client_id, ${entry}.api_key_id, ${entry}.provider, ${entry}.model, ${entry}.status`;

const sumsFrom = (table: string): string =>
  `SELECT ${keysOf('entry', 'widths.bucket_ms')}, ${Object.values(sumsOf('entry'))
    .map((sum) => `SUM(${sum})`)
    .join(', ')}
   FROM ${table} entry
   CROSS JOIN (${WIDTHS.map((width) => `SELECT ${width} AS bucket_ms`).join(' UNION ALL ')}) widths
   WHERE entry.kind <> 'reserved'`;
const GROUPED = 'GROUP BY 1, 2, 3, 4, 5, 6, 7';

export const SQLITE_ROLLUP_TRIGGER = `CREATE TRIGGER usage_entries_rollup AFTER INSERT ON usage_entries WHEN NEW.kind <> 'reserved'
   BEGIN
     ${WIDTHS.map(
       (width) => `INSERT INTO usage_rollups (${COLUMNS})
     VALUES (${keysOf('NEW', String(width))}, ${Object.values(sumsOf('NEW')).join(', ')})
     ${ADD_TO_STORED};`,
     ).join('\n')}
   END`;
const SQLITE_UP = [SQLITE_ROLLUP_TRIGGER];
const SQLITE_DOWN = ['DROP TRIGGER usage_entries_rollup'];

// Ordered, so that two writers never wait for each other in a circle.
const POSTGRES_UP = [
  `CREATE FUNCTION usage_entries_rollup() RETURNS trigger LANGUAGE plpgsql AS $$
   BEGIN
     INSERT INTO usage_rollups (${COLUMNS})
     ${sumsFrom('added')} ${GROUPED} ORDER BY 1, 2, 3, 4, 5, 6, 7
     ${ADD_TO_STORED};
     RETURN NULL;
   END $$`,
  `CREATE TRIGGER usage_entries_rollup AFTER INSERT ON usage_entries
   REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION usage_entries_rollup()`,
];
const POSTGRES_DOWN = [
  'DROP TRIGGER usage_entries_rollup ON usage_entries',
  'DROP FUNCTION usage_entries_rollup()',
];

function usageRollups(): Table {
  return new Table({
    name: 'usage_rollups',
    columns: [key('bucket_ms'), key('bucket_start'), ...names(), ...SUMS.map(counter)],
  });
}

function hourlyRollups(): Table {
  return new Table({
    name: 'usage_rollups',
    columns: [key('bucket_start'), ...names(), ...EARLIER_SUMS.map(counter)],
  });
}

function retentionHorizons(): Table {
  return new Table({
    name: 'retention_horizons',
    columns: [
      { name: 'data', type: 'varchar', length: '16', isPrimary: true },
      { name: 'complete_from', type: 'bigint' },
    ],
  });
}

function names(): TableColumnOptions[] {
  const widths = { client_id: 40, api_key_id: 24, provider: 64, model: 255, status: 16 };
  return Object.entries(widths).map(([name, length]) => ({
    name,
    type: 'varchar',
    length: String(length),
    isPrimary: true,
  }));
}

function key(name: string): TableColumnOptions {
  return { name, type: 'bigint', isPrimary: true };
}

function counter(name: string): TableColumnOptions {
  return { name, type: 'bigint', default: 0 };
}
