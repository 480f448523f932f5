import { type QueryRunner, Table, type TableColumnOptions } from 'typeorm';
import type { Migration } from './migration.js';

/** Responses that clients may refer to later, and which response an item belongs to. */
export class StoredResponses implements Migration {
  readonly name = '0003-stored-responses';

  async up(runner: QueryRunner): Promise<void> {
    await runner.createTable(storedResponses());
    await runner.createTable(storedResponseItems());
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('stored_response_items');
    await runner.dropTable('stored_responses');
  }
}

function storedResponses(): Table {
  return new Table({
    name: 'stored_responses',
    columns: [
      key('client_id', 40),
      key('id', 128),
      { ...text('previous_id', 128), isNullable: true },
      { ...text('instance', 64), isNullable: true },
      integer('created_at'),
      integer('expires_at'),
      // Ahead of the body, so that a sum over it does not read the bodies.
      integer('bytes'),
      { name: 'body', type: 'text', isNullable: true },
    ],
    indices: [
      { name: 'stored_responses_expires_at', columnNames: ['expires_at'] },
      { name: 'stored_responses_age', columnNames: ['client_id', 'created_at', 'bytes'] },
    ],
  });
}

function storedResponseItems(): Table {
  return new Table({
    name: 'stored_response_items',
    columns: [key('client_id', 40), key('id', 128), text('response_id', 128)],
    indices: [
      { name: 'stored_response_items_response', columnNames: ['client_id', 'response_id'] },
    ],
  });
}

function key(name: string, length: number): TableColumnOptions {
  return { ...text(name, length), isPrimary: true };
}

function text(name: string, length: number): TableColumnOptions {
  return { name, type: 'varchar', length: String(length) };
}

function integer(name: string): TableColumnOptions {
  return { name, type: 'bigint' };
}
