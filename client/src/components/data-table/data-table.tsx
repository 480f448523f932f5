import { type ColumnDef, type RowData, type SortingState, useTable } from '@tanstack/react-table';
import { useVirtualizer } from '@tanstack/react-virtual';
import { type MouseEvent, type ReactNode, useCallback, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../ui/button';
import { dataTableFeatures, type DataTableFeatures } from './data-table-features';
import { DataRow, openedRowId } from './data-row';
import { DataTableHead } from './data-table-head';

const ROW_HEIGHT = 36;
const HEAD_HEIGHT = 32;
const OVERSCAN = 8;
/** Rows that are seen at once before the table scrolls by itself. */
const MOST_SEEN = 18;

export interface DataTableProps<Row extends RowData> {
  /** What the rows are, for screen readers. */
  label: string;
  // The type of a cell differs from column to column, which the library itself leaves open.
  // oxlint-disable-next-line typescript/no-explicit-any
  columns: readonly ColumnDef<DataTableFeatures, Row, any>[];
  /** The same array until rows change. */
  rows: readonly Row[];
  rowId: (row: Row) => string;
  /** Called with a row that is opened; the first column then is a button and holds text only. */
  onOpen?: (row: Row) => void;
  /** The row whose details are open. */
  openId?: string | undefined;
  /** There is more behind the last row. */
  hasMore?: boolean;
  isLoadingMore?: boolean;
  onLoadMore?: () => void;
  /** Order as the server has it; columns offer it where they set `enableSorting: true`. */
  sorting?: SortingState;
  onSortingChange?: (sorting: SortingState) => void;
  /** In place of rows. */
  empty: ReactNode;
}

/** A real table that only ever has the rows in its document that are about to be seen. */
export function DataTable<Row extends RowData>(props: DataTableProps<Row>) {
  const { t } = useTranslation();
  const { label, columns, rows, rowId, onOpen, openId, sorting = [], onSortingChange } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const table = useTable({
    features: dataTableFeatures,
    columns: columns as ColumnDef<DataTableFeatures, Row>[],
    data: rows,
    getRowId: rowId,
    manualSorting: true,
    enableSortingRemoval: false,
    state: { sorting },
    onSortingChange: (change) =>
      onSortingChange?.(typeof change === 'function' ? change(sorting) : change),
  });
  const shown = table.getRowModel().rows;
  // The same function while the rows are: with a new one, all of them would be measured anew.
  const getItemKey = useCallback((index: number) => shown[index]?.id ?? index, [shown]);
  const virtualizer = useVirtualizer({
    count: shown.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    getItemKey,
    overscan: OVERSCAN,
    useFlushSync: false,
    initialRect: { width: 0, height: MOST_SEEN * ROW_HEIGHT },
  });
  const open = (event: MouseEvent) => {
    const id = openedRowId(event.target);
    const row = shown.find((each) => each.id === id);
    if (row !== undefined) onOpen?.(row.original);
  };
  const items = virtualizer.getVirtualItems();
  const before = items[0]?.start ?? 0;
  const after = virtualizer.getTotalSize() - (items.at(-1)?.end ?? 0);

  if (rows.length === 0) return props.empty;
  return (
    <div className="overflow-hidden rounded-lg border bg-surface">
      <div
        ref={scroller}
        // Reachable by keyboard, so that the arrow keys scroll it.
        tabIndex={0}
        role="group"
        aria-label={label}
        className="relative overflow-auto"
        style={{ maxHeight: `${MOST_SEEN * ROW_HEIGHT + HEAD_HEIGHT}px` }}
      >
        <table
          className="w-full border-separate border-spacing-0"
          aria-label={label}
          aria-rowcount={shown.length + 1}
        >
          <DataTableHead table={table} />
          {/* For the mouse, the whole row; the keyboard has the button in it. */}
          {/* oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/no-noninteractive-element-interactions */}
          <tbody onClick={open}>
            <Spacer height={before} />
            {items.map(({ index, key }) => {
              const row = shown[index];
              if (row === undefined) return null;
              return (
                <DataRow
                  key={key}
                  row={row}
                  index={index}
                  height={ROW_HEIGHT}
                  canOpen={onOpen !== undefined}
                  isOpen={openId === row.id}
                />
              );
            })}
            <Spacer height={after} />
          </tbody>
        </table>
      </div>
      <div className="flex items-center justify-between gap-2 px-3 py-1.5 text-xs text-muted">
        <span role="status">{t('table.rows', { count: shown.length })}</span>
        {props.hasMore === true && (
          <Button
            variant="outline"
            size="sm"
            aria-disabled={props.isLoadingMore}
            onClick={props.isLoadingMore === true ? undefined : props.onLoadMore}
          >
            {props.isLoadingMore === true ? t('loading') : t('table.more')}
          </Button>
        )}
      </div>
    </div>
  );
}

/** Stands for the rows above or below those that are in the document. */
function Spacer({ height }: { height: number }) {
  if (height <= 0) return null;
  return (
    <tr aria-hidden="true">
      <td style={{ height: `${height}px`, padding: 0 }} />
    </tr>
  );
}
