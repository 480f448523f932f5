import { type QueryRunner, Table, type TableColumnOptions } from 'typeorm';

import type { Migration } from './migration.js';

/** Times are epoch milliseconds, money is nano-USD, both as bigint. */
export class InitialSchema implements Migration {
  readonly name = '0001-initial-schema';

  async up(runner: QueryRunner): Promise<void> {
    for (const table of tables()) await runner.createTable(table);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of tables().reverse()) await runner.dropTable(table.name);
  }
}

function tables(): Table[] {
  return [
    clients(),
    apiKeys(),
    usageEntries(),
    usagePrices(),
    usageRollups(),
    processes(),
    revisions(),
    idempotencyRecords(),
  ];
}

function clients(): Table {
  return new Table({
    name: 'clients',
    columns: [
      key(text('id', 40)),
      { ...text('name', 100), isUnique: true },
      optional(text('description')),
      text('source', 10),
      flag('is_active'),
      optional(text('allowed_models')),
      integer('created_at'),
      integer('updated_at'),
    ],
  });
}

function apiKeys(): Table {
  return new Table({
    name: 'api_keys',
    columns: [
      key(text('id', 24)),
      text('client_id', 40),
      { ...text('hash', 64), isUnique: true },
      text('role', 10),
      text('source', 10),
      integer('created_at'),
      optional(integer('expires_at')),
      optional(integer('revoked_at')),
    ],
    foreignKeys: [
      { columnNames: ['client_id'], referencedTableName: 'clients', referencedColumnNames: ['id'] },
    ],
    indices: [{ name: 'api_keys_client_id', columnNames: ['client_id'] }],
  });
}

function usageEntries(): Table {
  return new Table({
    name: 'usage_entries',
    columns: [
      key(text('request_id', 64)),
      key(small('sequence')),
      text('kind', 12),
      text('status', 16),
      integer('created_at'),
      integer('recorded_at'),
      text('process_id', 36),
      text('client_id', 40),
      text('api_key_id', 24),
      text('dialect', 16),
      text('requested_model', 255),
      text('provider', 64),
      text('model', 255),
      flag('stream'),
      small('attempts'),
      optional(text('legs')),
      integer('input_tokens'),
      integer('cached_input_tokens'),
      integer('cache_write_tokens'),
      integer('cache_write_1h_tokens'),
      integer('input_audio_tokens'),
      integer('input_image_tokens'),
      integer('output_tokens'),
      integer('reasoning_tokens'),
      integer('output_audio_tokens'),
      integer('web_searches'),
      optional(integer('cost_nano_usd')),
      optional(integer('provider_cost_nano_usd')),
      optional(integer('reserved_nano_usd')),
      optional(text('price_id', 16)),
      flag('estimated'),
      flag('cache_hit'),
      flag('has_images'),
      optional(integer('latency_ms')),
      optional(integer('first_chunk_ms')),
      optional(small('http_status')),
      optional(text('error_code', 64)),
      optional(text('upstream_request_id', 128)),
      optional(text('service_tier', 32)),
      optional(text('tags')),
      optional(text('end_user', 255)),
      optional(text('session', 255)),
      optional(text('usage_raw')),
      optional(text('translation')),
    ],
    indices: [{ name: 'usage_entries_created_at', columnNames: ['created_at'] }],
  });
}

/** No foreign key: an entry and its first price go out together, in whichever order. */
function usagePrices(): Table {
  return new Table({ name: 'usage_prices', columns: [key(text('id', 16)), text('price')] });
}

function usageRollups(): Table {
  return new Table({
    name: 'usage_rollups',
    columns: [
      key(integer('bucket_start')),
      key(text('client_id', 40)),
      key(text('api_key_id', 24)),
      key(text('provider', 64)),
      key(text('model', 255)),
      key(text('status', 16)),
      counter('requests'),
      counter('input_tokens'),
      counter('cached_input_tokens'),
      counter('cache_write_tokens'),
      counter('output_tokens'),
      counter('reasoning_tokens'),
      counter('cost_nano_usd'),
      counter('unpriced_requests'),
      counter('estimated_requests'),
    ],
  });
}

function processes(): Table {
  return new Table({
    name: 'processes',
    columns: [
      key(text('id', 36)),
      text('host', 255),
      integer('pid'),
      integer('started_at'),
      integer('heartbeat_at'),
      optional(integer('oldest_open_at')),
    ],
  });
}

function revisions(): Table {
  return new Table({
    name: 'revisions',
    columns: [key(text('topic', 32)), counter('revision')],
  });
}

function idempotencyRecords(): Table {
  return new Table({
    name: 'idempotency_records',
    columns: [
      key(text('client_id', 40)),
      key(text('key', 255)),
      text('body_hash', 64),
      text('request_id', 64),
      text('process_id', 36),
      text('state', 12),
      optional(small('status')),
      optional(text('content_type', 100)),
      optional(text('body')),
      integer('created_at'),
      integer('expires_at'),
    ],
    indices: [{ name: 'idempotency_records_expires_at', columnNames: ['expires_at'] }],
  });
}

function text(name: string, length?: number): TableColumnOptions {
  return length === undefined
    ? { name, type: 'text' }
    : { name, type: 'varchar', length: String(length) };
}

function integer(name: string): TableColumnOptions {
  return { name, type: 'bigint' };
}

function small(name: string): TableColumnOptions {
  return { name, type: 'smallint' };
}

function flag(name: string): TableColumnOptions {
  return { name, type: 'boolean' };
}

function counter(name: string): TableColumnOptions {
  return { name, type: 'bigint', default: 0 };
}

function key(column: TableColumnOptions): TableColumnOptions {
  return { ...column, isPrimary: true };
}

function optional(column: TableColumnOptions): TableColumnOptions {
  return { ...column, isNullable: true };
}
