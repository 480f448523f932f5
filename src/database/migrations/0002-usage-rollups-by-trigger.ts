import type { QueryRunner } from 'typeorm';
import type { Migration } from './migration.js';

const KEYS = ['bucket_start', 'client_id', 'api_key_id', 'provider', 'model', 'status'];

/**
 * The database itself keeps the roll-ups while entries are appended, so they are the sums of the
 * entries whoever appends, and an append stays one statement. The table API knows no triggers, so
 * this is written for each database.
 */
export class UsageRollupsByTrigger implements Migration {
  readonly name = '0002-usage-rollups-by-trigger';

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

/** What one entry adds to each column; `entry` is the row's name in the statement. */
function sumsOf(entry: string): Record<string, string> {
  return {
    requests: `CASE WHEN ${entry}.kind = 'adjusted' THEN 0 ELSE 1 END`,
    input_tokens: `${entry}.input_tokens`,
    cached_input_tokens: `${entry}.cached_input_tokens`,
    cache_write_tokens: `${entry}.cache_write_tokens + ${entry}.cache_write_1h_tokens`,
    output_tokens: `${entry}.output_tokens`,
    reasoning_tokens: `${entry}.reasoning_tokens`,
    cost_nano_usd: `COALESCE(${entry}.cost_nano_usd, 0)`,
    unpriced_requests: `CASE WHEN ${entry}.cost_nano_usd IS NULL AND ${entry}.kind <> 'adjusted' THEN 1 ELSE 0 END`,
    estimated_requests: `CASE WHEN ${entry}.estimated AND ${entry}.kind <> 'adjusted' THEN 1 ELSE 0 END`,
  };
}

const SUMS = Object.keys(sumsOf(''));
const COLUMNS = [...KEYS, ...SUMS].join(', ');
const ADD_TO_STORED = `ON CONFLICT (${KEYS.join(', ')}) DO UPDATE SET ${SUMS.map(
  (sum) => `${sum} = usage_rollups.${sum} + excluded.${sum}`,
).join(', ')}`;

const keysOf = (entry: string): string =>
  `${entry}.created_at - (${entry}.created_at % 3600000), ${entry}.client_id, ${entry}.api_key_id, ${entry}.provider, ${entry}.model, ${entry}.status`;

const SQLITE_UP = [
  `CREATE TRIGGER usage_entries_rollup AFTER INSERT ON usage_entries WHEN NEW.kind <> 'reserved'
   BEGIN
     INSERT INTO usage_rollups (${COLUMNS})
     VALUES (${keysOf('NEW')}, ${Object.values(sumsOf('NEW')).join(', ')})
     ${ADD_TO_STORED};
   END`,
];
const SQLITE_DOWN = ['DROP TRIGGER usage_entries_rollup'];

// Ordered, so that two writers never wait for each other in a circle.
const POSTGRES_UP = [
  `CREATE FUNCTION usage_entries_rollup() RETURNS trigger LANGUAGE plpgsql AS $$
   BEGIN
     INSERT INTO usage_rollups (${COLUMNS})
     SELECT ${keysOf('entry')}, ${Object.values(sumsOf('entry'))
       .map((sum) => `SUM(${sum})`)
       .join(', ')}
     FROM added entry WHERE entry.kind <> 'reserved'
     GROUP BY 1, 2, 3, 4, 5, 6 ORDER BY 1, 2, 3, 4, 5, 6
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
