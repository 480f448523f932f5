import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '@/format/use-format';
import { Panel } from '../panel';
import { TableCell, TableHead } from '../ui/table';

export interface BreakdownItem {
  id: string;
  /** The name, or a link that carries it. */
  label: ReactNode;
  value: number;
}

export interface BreakdownProps {
  title: string;
  /** What the figures say, in words. */
  sentence: string;
  /** Heading of the labels and of the values. */
  headings: readonly [string, string];
  /** Largest first. */
  items: readonly BreakdownItem[];
  format: (value: number) => string;
}

/** Shares of a whole: a table whose rows have bars, so that it is chart and table at once. */
export function Breakdown({ title, sentence, headings, items, format }: BreakdownProps) {
  const { t } = useTranslation();
  const formats = useFormat();
  const total = items.reduce((sum, { value }) => sum + value, 0);
  const most = Math.max(...items.map(({ value }) => value), 0);
  return (
    <Panel title={title}>
      <p className="mb-2 text-xs text-muted">{sentence}</p>
      <table className="w-full text-sm" aria-label={title}>
        <thead>
          <tr>
            <TableHead className="px-0">{headings[0]}</TableHead>
            <TableHead className="px-0 text-right">{headings[1]}</TableHead>
            <TableHead className="w-14 px-0 text-right">{t('chart.share')}</TableHead>
          </tr>
        </thead>
        <tbody>
          {items.map(({ id, label, value }) => (
            <tr key={id}>
              <TableCell className="max-w-0 border-0 px-0">
                <div className="truncate">{label}</div>
                <div
                  aria-hidden="true"
                  className="mt-1 h-1 rounded-full bg-series-1"
                  style={{ width: most === 0 ? '0' : `${(100 * value) / most}%` }}
                />
              </TableCell>
              <TableCell className="border-0 px-0 text-right">{format(value)}</TableCell>
              <TableCell className="border-0 px-0 text-right text-muted">
                {total === 0 ? '–' : formats.share(value / total)}
              </TableCell>
            </tr>
          ))}
        </tbody>
      </table>
    </Panel>
  );
}
