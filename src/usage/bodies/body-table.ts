import type { Cells, InsertTable } from '../../database/insert-table.js';
import type { StoredBody } from './body-kinds.js';

/** A request has one of each kind; whoever writes it again changes nothing. */
export const BODY_TABLE: InsertTable = {
  table: 'request_bodies',
  columns: [
    { name: 'request_id', type: 'text' },
    { name: 'kind', type: 'text' },
    { name: 'created_at', type: 'integer' },
    { name: 'text', type: 'text' },
    { name: 'bytes', type: 'integer' },
    { name: 'truncated', type: 'boolean' },
    { name: 'redacted', type: 'boolean' },
  ],
  onConflict: { keys: ['request_id', 'kind'] },
};

export const BODY_CELLS = (body: StoredBody): Cells => [
  body.requestId,
  body.kind,
  body.createdAt,
  body.text,
  body.bytes,
  body.truncated,
  body.redacted,
];
