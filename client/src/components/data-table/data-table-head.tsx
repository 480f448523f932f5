import type { ReactTable, RowData } from '@tanstack/react-table';
import { ArrowDown, ArrowUp } from 'lucide-react';
import { classNames } from '../ui/class-names';
import type { DataTableFeatures } from './data-table-features';

const ARIA_SORT = { asc: 'ascending', desc: 'descending' } as const;

/** The headings, which stay while the rows scroll; a button where the server can sort by them. */
export function DataTableHead<Row extends RowData>({
  table,
}: {
  table: ReactTable<DataTableFeatures, Row>;
}) {
  return (
    <thead>
      {table.getHeaderGroups().map((group) => (
        <tr key={group.id} aria-rowindex={1}>
          {group.headers.map((header) => {
            const { column } = header;
            const { align, className } = column.columnDef.meta ?? {};
            const direction = column.getIsSorted();
            const isSortable = column.columnDef.enableSorting === true;
            const content = header.isPlaceholder ? null : <table.FlexRender header={header} />;
            return (
              <th
                key={header.id}
                scope="col"
                aria-sort={direction === false ? undefined : ARIA_SORT[direction]}
                className={classNames(
                  'sticky top-0 z-10 h-8 border-b bg-surface px-3 text-left text-xs font-medium whitespace-nowrap text-muted',
                  align === 'end' && 'text-right',
                  className,
                )}
              >
                {isSortable ? (
                  <button
                    type="button"
                    className="inline-flex items-center gap-1 rounded hover:text-foreground"
                    onClick={column.getToggleSortingHandler()}
                  >
                    {content}
                    {direction === 'asc' && <ArrowUp aria-hidden="true" className="size-3" />}
                    {direction === 'desc' && <ArrowDown aria-hidden="true" className="size-3" />}
                  </button>
                ) : (
                  content
                )}
              </th>
            );
          })}
        </tr>
      ))}
    </thead>
  );
}
