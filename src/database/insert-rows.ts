import type { EntityManager } from 'typeorm';

import { boundCells } from './bound-cells.js';
import type { Cells, Column, Constant, InsertTable } from './insert-table.js';
import type { StatementTarget, Dialect, Statement } from './statement-target.js';
import { storableJson } from './storable-text.js';

const insertTexts = new WeakMap<InsertTable, Partial<Record<Dialect, string>>>();

/**
 * Inserts all rows within the transaction of `manager`, which is to be rolled back when this
 * rejects. `table` should be a constant: its SQL is built once. With `onConflict` the keys must be
 * unique within `rows` on PostgreSQL; add up before.
 */
export async function insertRows(
  manager: EntityManager,
  table: InsertTable,
  rows: readonly Cells[],
): Promise<void> {
  if (rows.length === 0) return;
  await runStatements(manager, [insertStatement(dialectOf(manager), table, rows)]);
}

/** Runs what a `StatementTarget` says within the transaction of `manager`. */
export async function runStatements(
  manager: EntityManager,
  statements: readonly Statement[],
): Promise<void> {
  for (const { sql, rows } of statements) {
    for (const parameters of rows) await manager.query(sql, [...parameters]);
  }
}

/** Somewhere rows are appended to by `insertRows`; `cells` gives a row's values by column. */
export function insertTarget<Row>(
  table: InsertTable,
  cells: (row: Row) => Cells,
): StatementTarget<Row> {
  return {
    name: table.table,
    statements: (dialect, rows) => [insertStatement(dialect, table, rows.map(cells))],
    write: (manager, rows) => insertRows(manager, table, rows.map(cells)),
  };
}

/**
 * SQLite is in the process, so a call for each row costs less than taking JSON apart again; a
 * server is sent all rows as one parameter, a JSON array of arrays.
 */
export function insertStatement(
  dialect: Dialect,
  table: InsertTable,
  rows: readonly Cells[],
): Statement {
  let texts = insertTexts.get(table);
  if (!texts) insertTexts.set(table, (texts = {}));
  const sql = (texts[dialect] ??= buildInsert(dialect, table));
  if (dialect === 'postgres') return { sql, rows: [[storableJson(rows)]] };
  return { sql, rows: rows.map((cells) => boundCells(table.columns, cells)) };
}

export function dialectOf(manager: EntityManager): Dialect {
  return manager.connection.options.type === 'postgres' ? 'postgres' : 'sqlite';
}

function buildInsert(
  dialect: Dialect,
  { table, columns, constants = {}, onConflict }: InsertTable,
): string {
  const names = [...columns.map(({ name }) => name), ...Object.keys(constants)].map(quote);
  const literals = Object.values(constants).map(literal);
  const values =
    dialect === 'sqlite'
      ? `VALUES (${[...columns.map(() => '?'), ...literals].join(', ')})`
      : `SELECT ${[...columns.map(jsonValue), ...literals].join(', ')} FROM json_array_elements($1::json) AS item`;
  const conflict = onConflict ? conflictClause(table, onConflict) : '';
  return `INSERT INTO ${quote(table)} (${names.join(', ')}) ${values}${conflict}`;
}

function literal(value: Constant): string {
  return typeof value === 'string' ? `'${value.replaceAll("'", "''")}'` : String(value);
}

function jsonValue({ type }: Column, index: number): string {
  const value = `(item.value->>${index})`;
  if (type === 'integer') return `${value}::bigint`;
  return type === 'boolean' ? `${value}::boolean` : value;
}

function conflictClause(table: string, conflict: NonNullable<InsertTable['onConflict']>): string {
  const assignments = [
    ...(conflict.add ?? []).map(
      (name) => `${quote(name)} = ${quote(table)}.${quote(name)} + excluded.${quote(name)}`,
    ),
    ...(conflict.replace ?? []).map((name) => `${quote(name)} = excluded.${quote(name)}`),
  ];
  const keys = conflict.keys.map(quote).join(', ');
  const action = assignments.length === 0 ? 'NOTHING' : `UPDATE SET ${assignments.join(', ')}`;
  return ` ON CONFLICT (${keys}) DO ${action}`;
}

function quote(name: string): string {
  return `"${name}"`;
}
