import {
  columnVisibilityFeature,
  createColumnHelper,
  metaHelper,
  type RowData,
  rowSortingFeature,
  tableFeatures,
} from '@tanstack/react-table';

interface ColumnMeta {
  /** Figures stand at the end of their column. */
  align?: 'start' | 'end';
  /** A class for the width, `w-40` for example. */
  className?: string;
}

/** What our tables can do. Rows come in the order that the server gives. */
export const dataTableFeatures = tableFeatures({
  rowSortingFeature,
  columnVisibilityFeature,
  columnMeta: metaHelper<ColumnMeta>(),
});

export type DataTableFeatures = typeof dataTableFeatures;

/** Makes the columns of a table of such rows, outside of components. */
export function columnsFor<Row extends RowData>() {
  return createColumnHelper<DataTableFeatures, Row>();
}
