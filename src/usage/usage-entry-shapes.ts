import type { Constant, InsertTable } from '../database/insert-table.js';
import type { UsageEntry } from './usage-entry.js';
import { USAGE_ENTRY_COLUMNS, type UsageEntryColumn } from './usage-entry-columns.js';

/** One way to insert entries: some columns are read from an entry, the others are in the statement. */
export interface UsageEntryShape {
  readonly table: InsertTable;
  readonly cells: (entry: UsageEntry) => unknown[];
}

interface Candidate extends UsageEntryShape {
  /** Whether the statement says of every column what the entry has there. */
  fits(entry: UsageEntry): boolean;
}

const RESERVED = shapeOf((column) => column.reserved);
const SETTLED = shapeOf((column) => column.settled);
export const ANY_SHAPE: UsageEntryShape = shapeOf(() => undefined);

/** The one that binds the fewest values: binding is the larger part of what a row costs on SQLite. */
export function shapeOfEntry(entry: UsageEntry): UsageEntryShape {
  const likely = entry.sequence === 0 ? RESERVED : SETTLED;
  return likely.fits(entry) ? likely : ANY_SHAPE;
}

function shapeOf(constantOf: (column: UsageEntryColumn) => Constant | undefined): Candidate {
  const bound = USAGE_ENTRY_COLUMNS.filter((column) => constantOf(column) === undefined);
  const constant = USAGE_ENTRY_COLUMNS.flatMap((column) => {
    const value = constantOf(column);
    return value === undefined ? [] : [{ column, value }];
  });
  return {
    table: {
      table: 'usage_entries',
      columns: bound,
      constants: Object.fromEntries(constant.map(({ column, value }) => [column.name, value])),
    },
    cells: (entry) => bound.map((column) => column.read(entry)),
    fits: (entry) => constant.every(({ column, value }) => column.read(entry) === value),
  };
}
