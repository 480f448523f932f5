import { type QueryRunner, Table, type TableColumnOptions } from 'typeorm';
import type { Migration } from './migration.js';

/**
 * What the subjects of budgets have spent in a period, and the money that processes have taken out
 * of it ahead of their requests. The database itself moves a cost from the grant of the process
 * that booked it to what is spent, in the statement that appends the entry; and the grants of a
 * process go with it.
 */
export class Budgets implements Migration {
  readonly name = '0005-budgets';

  async up(runner: QueryRunner): Promise<void> {
    await runner.createTable(budgetCounters());
    await runner.createTable(budgetGrants());
    for (const statement of isPostgres(runner) ? POSTGRES_UP : SQLITE_UP) {
      await runner.query(statement);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const statement of isPostgres(runner) ? POSTGRES_DOWN : SQLITE_DOWN) {
      await runner.query(statement);
    }
    await runner.dropTable('budget_grants');
    await runner.dropTable('budget_counters');
  }
}

function isPostgres(runner: QueryRunner): boolean {
  return runner.connection.options.type === 'postgres';
}

/** `subject` is `key:<id>`, `client:<id>`, `provider:<instance>` or `global:`. */
function budgetCounters(): Table {
  return new Table({
    name: 'budget_counters',
    columns: [
      ...periodOfSubject(),
      { name: 'spent_nano_usd', type: 'bigint', default: 0 },
      { name: 'alerted_percent', type: 'integer', default: 0 },
    ],
  });
}

function budgetGrants(): Table {
  return new Table({
    name: 'budget_grants',
    columns: [
      ...periodOfSubject(),
      { name: 'process_id', type: 'varchar', length: '36', isPrimary: true },
      { name: 'granted_nano_usd', type: 'bigint' },
    ],
  });
}

function periodOfSubject(): TableColumnOptions[] {
  return [
    { name: 'subject', type: 'varchar', length: '96', isPrimary: true },
    { name: 'period_start', type: 'bigint', isPrimary: true },
    { name: 'period_end', type: 'bigint', isPrimary: true },
  ];
}

const subjectsOf = (entry: string): string[] => [
  `'key:' || ${entry}.api_key_id`,
  `'client:' || ${entry}.client_id`,
  `'provider:' || ${entry}.provider`,
  `'global:'`,
];

const SQLITE_CONCERNED = `subject IN (${subjectsOf('NEW').join(', ')})
  AND period_start <= NEW.created_at AND period_end > NEW.created_at`;

// A grant never falls below nothing: what cost more than was held for it is spent all the same.
// A correction is no business of the process that booked the request: its memory is not told.
export const SQLITE_BUDGET_TRIGGER = `CREATE TRIGGER usage_entries_budget AFTER INSERT ON usage_entries
   WHEN NEW.kind <> 'reserved' AND COALESCE(NEW.cost_nano_usd, 0) <> 0
     AND EXISTS (SELECT 1 FROM budget_counters)
   BEGIN
     UPDATE budget_counters SET spent_nano_usd = spent_nano_usd + NEW.cost_nano_usd
     WHERE ${SQLITE_CONCERNED};
     UPDATE budget_grants SET granted_nano_usd = MAX(0, granted_nano_usd - NEW.cost_nano_usd)
     WHERE ${SQLITE_CONCERNED} AND process_id = NEW.process_id AND NEW.kind <> 'adjusted';
   END`;
const SQLITE_UP = [
  SQLITE_BUDGET_TRIGGER,
  `CREATE TRIGGER processes_budget AFTER DELETE ON processes
   BEGIN
     DELETE FROM budget_grants WHERE process_id = OLD.id;
   END`,
];
const SQLITE_DOWN = ['DROP TRIGGER processes_budget', 'DROP TRIGGER usage_entries_budget'];

const POSTGRES_COSTS = `
  SELECT subjects.subject, entry.created_at, entry.process_id, entry.cost_nano_usd, entry.kind
  FROM added entry
  CROSS JOIN LATERAL (VALUES (${subjectsOf('entry').join('), (')})) AS subjects (subject)
  WHERE entry.kind <> 'reserved' AND COALESCE(entry.cost_nano_usd, 0) <> 0`;

const POSTGRES_CONCERNED = (row: string): string =>
  `${row}.subject = cost.subject AND ${row}.period_start <= cost.created_at AND ${row}.period_end > cost.created_at`;

// Whoever changes a grant has locked its counter before, and counters are locked in one order, so
// that two writers never wait for each other in a circle.
const POSTGRES_UP = [
  `CREATE FUNCTION usage_entries_budget() RETURNS trigger LANGUAGE plpgsql AS $$
   BEGIN
     IF NOT EXISTS (SELECT 1 FROM budget_counters) THEN RETURN NULL; END IF;
     PERFORM 1 FROM budget_counters counter
     WHERE EXISTS (SELECT 1 FROM (${POSTGRES_COSTS}) cost WHERE ${POSTGRES_CONCERNED('counter')})
     ORDER BY counter.subject COLLATE "C", counter.period_start, counter.period_end
     FOR UPDATE;
     UPDATE budget_counters counter SET spent_nano_usd = counter.spent_nano_usd + summed.cost
     FROM (
       SELECT found.subject, found.period_start, found.period_end, SUM(cost.cost_nano_usd) AS cost
       FROM (${POSTGRES_COSTS}) cost JOIN budget_counters found ON ${POSTGRES_CONCERNED('found')}
       GROUP BY 1, 2, 3
     ) summed
     WHERE counter.subject = summed.subject AND counter.period_start = summed.period_start
       AND counter.period_end = summed.period_end;
     UPDATE budget_grants granted
     SET granted_nano_usd = GREATEST(0, granted.granted_nano_usd - summed.cost)
     FROM (
       SELECT found.subject, found.period_start, found.period_end, found.process_id,
         SUM(cost.cost_nano_usd) AS cost
       FROM (${POSTGRES_COSTS}) cost
       JOIN budget_grants found ON ${POSTGRES_CONCERNED('found')} AND found.process_id = cost.process_id
       WHERE cost.kind <> 'adjusted'
       GROUP BY 1, 2, 3, 4
     ) summed
     WHERE granted.subject = summed.subject AND granted.period_start = summed.period_start
       AND granted.period_end = summed.period_end AND granted.process_id = summed.process_id;
     RETURN NULL;
   END $$`,
  `CREATE TRIGGER usage_entries_budget AFTER INSERT ON usage_entries
   REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION usage_entries_budget()`,
  `CREATE FUNCTION processes_budget() RETURNS trigger LANGUAGE plpgsql AS $$
   BEGIN
     DELETE FROM budget_grants WHERE process_id = OLD.id;
     RETURN NULL;
   END $$`,
  `CREATE TRIGGER processes_budget AFTER DELETE ON processes
   FOR EACH ROW EXECUTE FUNCTION processes_budget()`,
];
const POSTGRES_DOWN = [
  'DROP TRIGGER processes_budget ON processes',
  'DROP FUNCTION processes_budget()',
  'DROP TRIGGER usage_entries_budget ON usage_entries',
  'DROP FUNCTION usage_entries_budget()',
];
