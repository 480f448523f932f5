import { insertStatement } from '../database/insert-rows.js';
import type { Dialect, Statement } from '../database/statement-target.js';
import type { UsageEntry } from './usage-entry.js';
import { ANY_SHAPE, shapeOfEntry, type UsageEntryShape } from './usage-entry-shapes.js';

/** Inserts entries: on SQLite by shape, where a trip costs nothing; in one statement on a server. */
export function entryStatements(dialect: Dialect, entries: readonly UsageEntry[]): Statement[] {
  if (dialect === 'postgres') {
    return [insertStatement(dialect, ANY_SHAPE.table, entries.map(ANY_SHAPE.cells))];
  }
  const rows = new Map<UsageEntryShape, unknown[][]>();
  for (const entry of entries) {
    const shape = shapeOfEntry(entry);
    const cells = shape.cells(entry);
    const known = rows.get(shape);
    if (known === undefined) rows.set(shape, [cells]);
    else known.push(cells);
  }
  return [...rows].map(([{ table }, cells]) => insertStatement(dialect, table, cells));
}
