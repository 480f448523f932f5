import type { Cells, Column } from './insert-table.js';
import type { SqlValue } from './statement-target.js';
import { storableJson, storableText } from './storable-text.js';

/** A row as the parameters of an INSERT on SQLite. Throws for what cannot be expressed. */
export function boundCells(columns: readonly Column[], cells: Cells): SqlValue[] {
  return columns.map(({ type }, index) => {
    const value = cells[index];
    const isText = type === 'text' || type === 'json';
    switch (typeof value) {
      case 'string':
        return storableText(value);
      case 'number':
        if (!Number.isFinite(value)) return null;
        // As text a column would get 1.0 for 1; a column of integers makes an integer of it.
        return isText ? String(value) : value;
      case 'bigint':
        return isText ? String(value) : value;
      case 'boolean':
        return isText ? String(value) : Number(value);
      default:
        return value === null || value === undefined ? null : storableJson(value);
    }
  });
}
