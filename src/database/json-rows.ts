import type { EntityManager } from 'typeorm';

import { rawJson } from '../common/json/raw-json.js';
import type { StatementTarget, Dialect, Statement } from './statement-target.js';

export type JsonColumnType = 'text' | 'integer' | 'boolean' | 'json';

export interface JsonColumn {
  readonly name: string;
  /** `json` takes any JSON value and stores its text; null stays NULL. */
  readonly type: JsonColumnType;
}

export interface JsonTable {
  readonly table: string;
  readonly columns: readonly JsonColumn[];
  /** What happens to a row whose key exists; absent means the statement fails. */
  readonly onConflict?: {
    readonly keys: readonly string[];
    /** Columns whose new value is added to the stored one. */
    readonly add?: readonly string[];
    /** Columns whose new value replaces the stored one. With neither, the stored row stays. */
    readonly replace?: readonly string[];
  };
}

/** Cells in the order of `columns`; integers may be bigint. */
export type JsonRow = readonly unknown[];

const statements = new WeakMap<JsonTable, Partial<Record<Dialect, string>>>();

/**
 * Inserts all rows as one statement over one parameter, a JSON array of arrays. `table` should be a
 * constant: its SQL is built once. With `onConflict` the keys must be unique within `rows` on
 * PostgreSQL; add up before.
 */
export async function insertJsonRows(
  manager: EntityManager,
  table: JsonTable,
  rows: readonly JsonRow[],
): Promise<void> {
  if (rows.length === 0) return;
  const { sql, parameters } = insertStatement(dialectOf(manager), table, rows);
  await manager.query(sql, parameters);
}

/** Somewhere rows are appended to by `insertJsonRows`; `cells` gives a row's values by column. */
export function jsonAppendTarget<Row>(
  table: JsonTable,
  cells: (row: Row) => JsonRow,
): StatementTarget<Row> {
  return {
    name: table.table,
    statements: (dialect, rows) => [insertStatement(dialect, table, rows.map(cells))],
    write: (manager, rows) => insertJsonRows(manager, table, rows.map(cells)),
  };
}

export function insertStatement(
  dialect: Dialect,
  table: JsonTable,
  rows: readonly JsonRow[],
): Statement {
  let texts = statements.get(table);
  if (!texts) statements.set(table, (texts = {}));
  const sql = (texts[dialect] ??= buildInsert(dialect, table));
  return { sql, parameters: [jsonTextOf(rows)] };
}

export function dialectOf(manager: EntityManager): Dialect {
  return manager.connection.options.type === 'postgres' ? 'postgres' : 'sqlite';
}

function buildInsert(dialect: Dialect, { table, columns, onConflict }: JsonTable): string {
  const names = columns.map(({ name }) => quote(name)).join(', ');
  const values = columns.map(({ type }, index) => valueOf(dialect, type, index)).join(', ');
  // jsonb_each hands out rows in binary: from text, SQLite would parse a row anew for every column.
  const source = dialect === 'sqlite' ? 'jsonb_each(?)' : 'json_array_elements($1::json)';
  // "WHERE true" keeps SQLite from reading ON CONFLICT as a join condition.
  return `INSERT INTO ${quote(table)} (${names}) SELECT ${values} FROM ${source} AS item WHERE true${
    onConflict ? conflictClause(table, onConflict) : ''
  }`;
}

function valueOf(dialect: Dialect, type: JsonColumnType, index: number): string {
  if (dialect === 'sqlite') return `json_extract(item.value, '$[${index}]')`;
  const value = `(item.value->>${index})`;
  if (type === 'integer') return `${value}::bigint`;
  return type === 'boolean' ? `${value}::boolean` : value;
}

function conflictClause(table: string, conflict: NonNullable<JsonTable['onConflict']>): string {
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

/**
 * PostgreSQL stores neither NUL nor half a surrogate pair; both databases get U+FFFD in their place,
 * so that no text that a caller can send makes a row impossible to write.
 */
function jsonTextOf(rows: readonly JsonRow[]): string {
  const text = stringify(rows);
  if (!text.includes('\\u0000') && !text.includes('\\ud')) return text;
  return text.replace(/\\(?:\\|u0000|ud[89a-f][0-9a-f]{2})/g, (match) =>
    match === '\\\\' ? match : '\ufffd',
  );
}

function stringify(rows: readonly JsonRow[]): string {
  try {
    return JSON.stringify(rows);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return JSON.stringify(rows, (_key, value: unknown) =>
      typeof value === 'bigint' ? rawJson(String(value)) : value,
    );
  }
}
