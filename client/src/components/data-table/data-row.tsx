import { FlexRender, type Row, type RowData } from '@tanstack/react-table';
import { memo } from 'react';
import { classNames } from '../ui/class-names';
import type { DataTableFeatures } from './data-table-features';

export interface DataRowProps<Data extends RowData> {
  row: Row<DataTableFeatures, Data>;
  /** From 0, of all rows. */
  index: number;
  /** Pixels. */
  height: number;
  canOpen: boolean;
  isOpen: boolean;
}

/** One row. Drawn once while it scrolls by: what it shows depends on nothing else. */
export const DataRow = memo(function DataRow<Data extends RowData>(props: DataRowProps<Data>) {
  const { row, index, height, canOpen, isOpen } = props;
  return (
    <tr
      data-row-id={row.id}
      aria-rowindex={index + 2}
      style={{ height: `${height}px` }}
      className={classNames(
        'hover:bg-subtle/60',
        canOpen && 'cursor-pointer',
        isOpen && 'bg-subtle',
      )}
    >
      {row.getVisibleCells().map((cell, column) => {
        const { align, className } = cell.column.columnDef.meta ?? {};
        const content = <FlexRender cell={cell} />;
        return (
          <td
            key={cell.id}
            className={classNames(
              'max-w-80 truncate border-b px-3',
              align === 'end' && 'text-right',
              className,
            )}
          >
            {canOpen && column === 0 ? (
              // The click goes on to the table, which opens the row.
              <button
                type="button"
                data-opens-row
                aria-expanded={isOpen}
                className="truncate rounded text-left"
              >
                {content}
              </button>
            ) : (
              content
            )}
          </td>
        );
      })}
    </tr>
  );
}) as <Data extends RowData>(props: DataRowProps<Data>) => React.ReactNode;

const CONTROLS = 'a, button, input, select, textarea, [role=button], [role=checkbox]';

/** The row that a click in the table opens; undefined for a click on a control of its own. */
export function openedRowId(target: EventTarget): string | undefined {
  if (!(target instanceof Element)) return undefined;
  const row = target.closest<HTMLElement>('[data-row-id]');
  const control = target.closest(CONTROLS);
  const isOpener = control === null || control.hasAttribute('data-opens-row');
  return isOpener ? row?.dataset['rowId'] : undefined;
}
