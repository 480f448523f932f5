import { useFormat } from '@/format/use-format';
import { useChoice } from '@/preferences/choice';
import { shownAt } from '@/app/time-range/refresh';

/** How long ago, as of the last refresh; the exact time on hover and for screen readers. */
export function RelativeTime({ iso }: { iso: string }) {
  const format = useFormat();
  // A moment after the last refresh is now, not the future.
  const now = Math.max(useChoice(shownAt), Math.min(Date.parse(iso), Date.now()));
  const exact = format.time(iso);
  return (
    <time dateTime={iso} title={exact} className="whitespace-nowrap">
      {format.relative(iso, now)}
      <span className="sr-only"> ({exact})</span>
    </time>
  );
}

/** The exact time in the shown zone. */
export function Time({ iso }: { iso: string }) {
  const format = useFormat();
  return (
    <time dateTime={iso} title={iso} className="whitespace-nowrap">
      {format.time(iso)}
    </time>
  );
}
