import type { SqlParameters } from './named-sql.js';
import type { Slice } from './time-cover.js';

/** A slice and the point of a chart, or the period, that it belongs to. */
export interface PointSlice extends Slice {
  readonly point: number;
}

interface RowsSql {
  readonly sql: string;
  readonly parameters: SqlParameters;
}

/** A table of those slices that roll-ups cover, however many they are, as the text of one parameter. */
export function rollupSlices(slices: readonly PointSlice[], onPostgres: boolean): RowsSql {
  const rows = slices.filter(({ width }) => width > 0);
  const cell = (index: number) =>
    onPostgres ? `(item.value ->> ${index})::bigint` : `(item.value ->> ${index})`;
  const source = onPostgres ? 'json_array_elements(CAST(:slices AS json))' : 'json_each(:slices)';
  return {
    sql: `SELECT ${cell(0)} AS width, ${cell(1)} AS slice_from, ${cell(2)} AS slice_to, ${cell(3)} AS point
      FROM ${source} AS item`,
    parameters: {
      slices: JSON.stringify(rows.map(({ width, from, to, point }) => [width, from, to, point])),
    },
  };
}

/** For each slice that only entries cover: its point, and a condition on a column of their times. */
export function entrySlices(
  slices: readonly PointSlice[],
): { readonly point: number; readonly where: (column: string) => string }[] {
  // Whole numbers that were worked out here.
  return slices
    .filter(({ width }) => width === 0)
    .map(({ from, to, point }) => ({
      point,
      where: (column) => `${column} >= ${from} AND ${column} < ${to}`,
    }));
}
