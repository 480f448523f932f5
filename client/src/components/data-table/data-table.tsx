import { type ColumnDef, type RowData, type SortingState, useTable } from '@tanstack/react-table';
import { useVirtualizer } from '@tanstack/react-virtual';
import { type ReactNode, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { classNames } from '../ui/class-names';
import { Button } from '../ui/button';
import { dataTableFeatures, type DataTableFeatures } from './data-table-features';
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
  /** Called with a row that is opened by click or Enter. */
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
  const virtualizer = useVirtualizer({
    count: shown.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    getItemKey: (index) => shown[index]?.id ?? index,
    overscan: OVERSCAN,
    initialRect: { width: 0, height: MOST_SEEN * ROW_HEIGHT },
  });
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
          <tbody>
            <Spacer height={before} />
            {items.map(({ index, key }) => {
              const row = shown[index];
              if (row === undefined) return null;
              return (
                <tr
                  key={key}
                  aria-rowindex={index + 2}
                  aria-selected={openId === undefined ? undefined : openId === row.id}
                  style={{ height: `${ROW_HEIGHT}px` }}
                  onClick={onOpen && (() => onOpen(row.original))}
                  className={classNames(
                    'hover:bg-subtle/60',
                    onOpen !== undefined && 'cursor-pointer',
                    openId === row.id && 'bg-subtle',
                  )}
                >
                  {row.getVisibleCells().map((cell) => {
                    const { align, className } = cell.column.columnDef.meta ?? {};
                    return (
                      <td
                        key={cell.id}
                        className={classNames(
                          'max-w-80 truncate border-b px-3',
                          align === 'end' && 'text-right',
                          className,
                        )}
                      >
                        <table.FlexRender cell={cell} />
                      </td>
                    );
                  })}
                </tr>
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
