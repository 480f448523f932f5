import { type QueryRunner, Table, type TableColumnOptions } from 'typeorm';
import type { Migration } from './migration.js';

/** What people set of the configuration: providers, public models, prices, and what they turned off. */
export class StoredObjects implements Migration {
  readonly name = '0013-stored-objects';

  async up(runner: QueryRunner): Promise<void> {
    await runner.createTable(storedObjects());
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('stored_objects');
  }
}

function storedObjects(): Table {
  return new Table({
    name: 'stored_objects',
    columns: [
      { ...text('id', 40), isPrimary: true },
      text('kind', 16),
      text('name', 320),
      { name: 'value', type: 'text' },
      { name: 'sealed', type: 'text', isNullable: true },
      { name: 'created_at', type: 'bigint' },
      { name: 'updated_at', type: 'bigint' },
    ],
    uniques: [{ name: 'stored_objects_name', columnNames: ['kind', 'name'] }],
  });
}

function text(name: string, length: number): TableColumnOptions {
  return { name, type: 'varchar', length: String(length) };
}
