import { dateFormat, relativeFormat } from './kept-format';

/** A moment in the shown zone, to the second: `12 Mar 2026, 14:03:22`. */
export function formatTime(iso: string, language: string, timeZone: string): string {
  return dateFormat(language, {
    dateStyle: 'medium',
    timeStyle: 'medium',
    timeZone,
  }).format(new Date(iso));
}

const STEPS = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
] as const;

/** Clocks of two machines differ, and ours ticks slowly: what is that little ahead is now. */
const CLOCK_SECONDS = 15;

/** How long ago, or until when: `3 minutes ago`, `in 2 days`. */
export function formatRelative(iso: string, now: number, language: string): string {
  const exactly = Math.round((Date.parse(iso) - now) / 1_000);
  const seconds = exactly > 0 && exactly < CLOCK_SECONDS ? 0 : exactly;
  const format = relativeFormat(language, { numeric: 'auto' });
  for (const [unit, length] of STEPS) {
    if (Math.abs(seconds) >= length) return format.format(Math.trunc(seconds / length), unit);
  }
  return format.format(seconds, 'second');
}

/** A tick of a time axis: the hour within two days, the day beyond. */
export function formatTick(
  iso: string,
  spanMs: number,
  language: string,
  timeZone: string,
): string {
  const isShort = spanMs <= 2 * 86_400_000;
  return dateFormat(language, {
    timeZone,
    ...(isShort
      ? { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }
      : { day: 'numeric', month: 'short' }),
  }).format(new Date(iso));
}
