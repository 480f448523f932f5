import type { EntityManager } from 'typeorm';
import { dialectOf, insertStatement, runStatements } from '../../../database/insert-rows.js';
import type { InsertTable } from '../../../database/insert-table.js';
import type { Dialect, Statement, StatementTarget } from '../../../database/statement-target.js';
import type { StoredResponseRow } from './stored-response.entity.js';

/** A row and the ids of the output items that it can be found by. */
export interface NewResponse {
  readonly row: StoredResponseRow;
  readonly itemIds: readonly string[];
}

/** A vendor that gives an id twice has told the same answer twice: the first stays. */
const RESPONSES: InsertTable = {
  table: 'stored_responses',
  columns: [
    { name: 'client_id', type: 'text' },
    { name: 'id', type: 'text' },
    { name: 'previous_id', type: 'text' },
    { name: 'instance', type: 'text' },
    { name: 'created_at', type: 'integer' },
    { name: 'expires_at', type: 'integer' },
    { name: 'bytes', type: 'integer' },
    { name: 'body', type: 'text' },
  ],
  onConflict: { keys: ['client_id', 'id'] },
};

const ITEMS: InsertTable = {
  table: 'stored_response_items',
  columns: [
    { name: 'client_id', type: 'text' },
    { name: 'id', type: 'text' },
    { name: 'response_id', type: 'text' },
  ],
  onConflict: { keys: ['client_id', 'id'] },
};

/** Where the group-commit writer appends responses, with their items in the same transaction. */
export const RESPONSE_ROWS: StatementTarget<NewResponse> = {
  name: 'stored_responses',
  statements,
  async write(manager: EntityManager, rows: readonly NewResponse[]): Promise<void> {
    await runStatements(manager, statements(dialectOf(manager), rows));
  },
};

function statements(dialect: Dialect, rows: readonly NewResponse[]): Statement[] {
  const items = rows.flatMap(({ row, itemIds }) => itemIds.map((id) => [row.clientId, id, row.id]));
  const written = [
    insertStatement(
      dialect,
      RESPONSES,
      rows.map(({ row }) => cellsOf(row)),
    ),
  ];
  if (items.length > 0) written.push(insertStatement(dialect, ITEMS, items));
  return written;
}

function cellsOf(row: StoredResponseRow): unknown[] {
  const { clientId, id, previousId, instance, createdAt, expiresAt, bytes, body } = row;
  return [clientId, id, previousId, instance, createdAt, expiresAt, bytes, body];
}
