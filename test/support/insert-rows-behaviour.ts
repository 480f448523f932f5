import { expect, it } from 'vitest';

import { insertRows } from '../../src/database/insert-rows.js';
import type { Cells, InsertTable } from '../../src/database/insert-table.js';
import type { TestDatabase } from './test-database.js';

const RECORDS: InsertTable = {
  table: 'idempotency_records',
  columns: [
    { name: 'client_id', type: 'text' },
    { name: 'key', type: 'text' },
    { name: 'body_hash', type: 'text' },
    { name: 'request_id', type: 'text' },
    { name: 'process_id', type: 'text' },
    { name: 'state', type: 'text' },
    { name: 'status', type: 'integer' },
    { name: 'body', type: 'json' },
    { name: 'created_at', type: 'integer' },
    { name: 'expires_at', type: 'integer' },
  ],
};

const ROLLUPS: InsertTable = {
  table: 'usage_rollups',
  columns: [
    { name: 'bucket_ms', type: 'integer' },
    { name: 'bucket_start', type: 'integer' },
    { name: 'client_id', type: 'text' },
    { name: 'api_key_id', type: 'text' },
    { name: 'provider', type: 'text' },
    { name: 'model', type: 'text' },
    { name: 'status', type: 'text' },
    { name: 'requests', type: 'integer' },
    { name: 'cost_nano_usd', type: 'integer' },
  ],
  onConflict: {
    keys: ['bucket_ms', 'bucket_start', 'client_id', 'api_key_id', 'provider', 'model', 'status'],
    add: ['requests', 'cost_nano_usd'],
  },
};

const CLIENTS: InsertTable = {
  table: 'clients',
  columns: [
    { name: 'id', type: 'text' },
    { name: 'name', type: 'text' },
    { name: 'source', type: 'text' },
    { name: 'is_active', type: 'boolean' },
    { name: 'created_at', type: 'integer' },
    { name: 'updated_at', type: 'integer' },
  ],
  onConflict: { keys: ['id'] },
};

/** What must hold on either database; `open` gives the migrated, empty one of this test. */
export function describeInsertRows(open: () => TestDatabase): void {
  const insert = (table: InsertTable, rows: Cells[]): Promise<void> =>
    open().writer.transaction((manager) => insertRows(manager, table, rows));

  const record = (
    key: string,
    cells: Partial<{ status: unknown; body: unknown; created: unknown }>,
  ) => [
    'client',
    key,
    'hash',
    'request',
    'process',
    'done',
    cells.status ?? null,
    cells.body ?? null,
    cells.created ?? 1,
    2,
  ];

  it('stores many rows with text, numbers and null as they are', async () => {
    await insert(RECORDS, [
      record(`it's "quoted" \\ and\nlong`, { status: 200, body: { a: [1, 'é', null] } }),
      record('plain', {}),
    ]);
    const rows = await open().reader.query(
      'SELECT key, status, body FROM idempotency_records ORDER BY key',
    );
    expect(rows).toEqual([
      { key: `it's "quoted" \\ and\nlong`, status: 200, body: '{"a":[1,"é",null]}' },
      { key: 'plain', status: null, body: null },
    ]);
  });

  it('stores nothing for no rows', async () => {
    await insert(RECORDS, []);
    expect(await open().reader.query('SELECT key FROM idempotency_records')).toEqual([]);
  });

  it('keeps every digit of a bigint', async () => {
    await insert(RECORDS, [record('big', { created: 9_007_199_254_740_993n })]);
    const rows = await open().reader.query(
      'SELECT key FROM idempotency_records WHERE created_at = 9007199254740993',
    );
    expect(rows).toEqual([{ key: 'big' }]);
  });

  it.each([
    ['NUL', 'a\0b', 'a\ufffdb'],
    ['half a surrogate pair', 'a\ud83db\udc00', 'a\ufffdb\ufffd'],
    ['a whole pair', 'a😀b', 'a😀b'],
    ['the text of an escape', 'a\\u0000b\\ud800', 'a\\u0000b\\ud800'],
  ])('stores text with %s', async (_what, text, stored) => {
    await insert(RECORDS, [record(text, {})]);
    expect(await open().reader.query('SELECT key FROM idempotency_records')).toEqual([
      { key: stored },
    ]);
  });

  it('writes what is the same in all rows into the statement', async () => {
    const [client, key] = RECORDS.columns;
    const table: InsertTable = {
      table: RECORDS.table,
      columns: [key, client].filter((column) => column !== undefined),
      constants: {
        body_hash: "it's",
        request_id: '?',
        process_id: '$1',
        state: 'done',
        status: 200,
        body: null,
        created_at: 1,
        expires_at: 2,
      },
    };
    await insert(table, [
      ['b', 'client'],
      ['a', 'client'],
    ]);
    const same = {
      body_hash: "it's",
      request_id: '?',
      process_id: '$1',
      state: 'done',
      status: 200,
      content_type: null,
      body: null,
      created_at: 1,
      expires_at: 2,
    };
    expect(await open().reader.query('SELECT * FROM idempotency_records ORDER BY key')).toEqual([
      { client_id: 'client', key: 'a', ...same },
      { client_id: 'client', key: 'b', ...same },
    ]);
  });

  it('adds to the stored row when the key exists', async () => {
    const keys = [1, 60, 'client', 'key', 'provider', 'model', 'ok'];
    await insert(ROLLUPS, [[...keys, 1, 100]]);
    await insert(ROLLUPS, [
      [...keys, 2, 250],
      [1, 61, ...keys.slice(2), 5, 5],
    ]);
    const rows = await open().reader.query(
      'SELECT bucket_start, requests, cost_nano_usd FROM usage_rollups ORDER BY bucket_start',
    );
    expect(rows.map((row: object) => Object.values(row).map(Number))).toEqual([
      [60, 3, 350],
      [61, 5, 5],
    ]);
  });

  it('keeps the stored row when there is nothing to change', async () => {
    await insert(CLIENTS, [['c', 'first', 'api', true, 1, 1]]);
    await insert(CLIENTS, [
      ['c', 'second', 'api', false, 2, 2],
      ['d', 'other', 'api', false, 1, 1],
    ]);
    const rows = await open().reader.query('SELECT id, name, is_active FROM clients ORDER BY id');
    expect(
      rows.map((row: { is_active: unknown }) => ({ ...row, is_active: Boolean(row.is_active) })),
    ).toEqual([
      { id: 'c', name: 'first', is_active: true },
      { id: 'd', name: 'other', is_active: false },
    ]);
  });

  it('stores none of the rows when one is refused', async () => {
    await expect(insert(RECORDS, [record('same', {}), record('same', {})])).rejects.toThrow();
    expect(await open().reader.query('SELECT key FROM idempotency_records')).toEqual([]);
  });
}
