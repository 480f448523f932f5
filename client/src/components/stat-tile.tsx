import { ArrowDown, ArrowUp } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '@/format/use-format';
import { classNames } from './ui/class-names';

export interface StatTileProps {
  label: string;
  value: ReactNode;
  /** Change against the range before as a share of it: 0.1 is a tenth more. Undefined when there was nothing. */
  delta?: number | undefined;
  /** Which direction is good news; `none` for figures that only tell. */
  better?: 'more' | 'less' | 'none';
  /** A second, small line. */
  note?: ReactNode;
}

/** One figure, with its change. */
export function StatTile({ label, value, delta, better = 'none', note }: StatTileProps) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <div className="min-w-0 rounded-lg border bg-surface px-4 py-3">
      <dt className="truncate text-xs text-muted">{label}</dt>
      <dd className="tabular mt-0.5 text-xl font-semibold tracking-tight break-words">{value}</dd>
      <dd className="mt-0.5 flex flex-wrap gap-x-2 text-xs text-muted">
        {delta !== undefined && (
          <span className={classNames('inline-flex items-center', deltaColour(delta, better))}>
            {delta > 0 && <ArrowUp aria-hidden="true" className="size-3" />}
            {delta < 0 && <ArrowDown aria-hidden="true" className="size-3" />}
            <span className="sr-only">{delta < 0 ? t('delta.less') : t('delta.more')} </span>
            {format.share(Math.abs(delta))}
          </span>
        )}
        {note}
      </dd>
    </div>
  );
}

function deltaColour(delta: number, better: 'more' | 'less' | 'none'): string {
  if (delta === 0 || better === 'none') return 'text-muted';
  return delta > 0 === (better === 'more') ? 'text-success' : 'text-danger';
}
