import { type QueryRunner, Table, type TableColumnOptions } from 'typeorm';
import type { Migration } from './migration.js';

/** Limits and budgets that people set, and how long a client's requests may wait for a limit. */
export class LimitsAndBudgets implements Migration {
  readonly name = '0004-limits-and-budgets';

  async up(runner: QueryRunner): Promise<void> {
    await runner.createTable(limitRules());
    await runner.createTable(budgets());
    // In place, and the same words on both databases; the table API makes the table anew on SQLite.
    await runner.query('ALTER TABLE clients ADD COLUMN queue_ms bigint NOT NULL DEFAULT 0');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE clients DROP COLUMN queue_ms');
    await runner.dropTable('budgets');
    await runner.dropTable('limit_rules');
  }
}

function limitRules(): Table {
  return new Table({
    name: 'limit_rules',
    columns: [
      { ...text('id', 40), isPrimary: true },
      text('scope', 10),
      text('scope_id', 255),
      text('endpoint', 16),
      { ...integer('requests_per_minute'), isNullable: true },
      { ...integer('tokens_per_minute'), isNullable: true },
      { ...integer('max_concurrent'), isNullable: true },
      integer('created_at'),
      integer('updated_at'),
    ],
    uniques: [{ name: 'limit_rules_subject', columnNames: ['scope', 'scope_id', 'endpoint'] }],
  });
}

function budgets(): Table {
  return new Table({
    name: 'budgets',
    columns: [
      { ...text('id', 40), isPrimary: true },
      text('scope', 10),
      text('scope_id', 255),
      integer('limit_nano_usd'),
      text('period', 8),
      text('time_zone', 64),
      { name: 'alert_percents', type: 'text' },
      integer('created_at'),
      integer('updated_at'),
    ],
    uniques: [
      { name: 'budgets_subject', columnNames: ['scope', 'scope_id', 'period', 'time_zone'] },
    ],
  });
}

function text(name: string, length: number): TableColumnOptions {
  return { name, type: 'varchar', length: String(length) };
}

function integer(name: string): TableColumnOptions {
  return { name, type: 'bigint' };
}
