import type { Cells, Column, ColumnType } from './insert-table.js';
import type { SqlValue } from './statement-target.js';
import { storableJson, storableText } from './storable-text.js';

/** A row as the parameters of an INSERT on SQLite. Throws for what cannot be expressed. */
export function boundCells(columns: readonly Column[], cells: Cells): SqlValue[] {
  return columns.map(({ type }, index) => boundCell(type, cells[index]));
}

function boundCell(type: ColumnType, value: unknown): SqlValue {
  switch (typeof value) {
    case 'string':
      return storableText(value);
    case 'number':
      if (!Number.isFinite(value)) return null;
      // As text a column would get 1.0 for 1; a column of integers makes an integer of it.
      return isText(type) ? String(value) : value;
    case 'bigint':
      return isText(type) ? String(value) : value;
    case 'boolean':
      return isText(type) ? String(value) : Number(value);
    default:
      return value === null || value === undefined ? null : storableJson(value);
  }
}

function isText(type: ColumnType): boolean {
  return type === 'text' || type === 'json';
}
