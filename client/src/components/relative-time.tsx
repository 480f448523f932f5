import { now } from '@/format/now';
import { useFormat } from '@/format/use-format';
import { useChoice } from '@/preferences/choice';

/** How long ago, or until when; the exact time on hover and for screen readers. */
export function RelativeTime({ iso }: { iso: string }) {
  const format = useFormat();
  const exact = format.time(iso);
  return (
    <time dateTime={iso} title={exact} className="whitespace-nowrap">
      {format.relative(iso, useChoice(now))}
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
