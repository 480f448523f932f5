import { type QueryRunner, Table, type TableColumnOptions } from 'typeorm';
import type { Migration } from './migration.js';

/** Tickets that open live connections. */
export class Operations implements Migration {
  readonly name = '0015-operations';

  async up(runner: QueryRunner): Promise<void> {
    await runner.createTable(liveTickets());
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('live_tickets');
  }
}

function liveTickets(): Table {
  return new Table({
    name: 'live_tickets',
    columns: [
      { ...text('hash', 64), isPrimary: true },
      text('holder_kind', 10),
      text('holder_id', 64),
      { name: 'expires_at', type: 'bigint' },
    ],
  });
}

function text(name: string, length: number): TableColumnOptions {
  return { name, type: 'varchar', length: String(length) };
}
