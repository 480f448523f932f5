import { useMemo } from 'react';
import { useChoice } from '@/preferences/choice';
import { language } from '@/preferences/language';
import { timeZone } from '@/preferences/time-zone';
import { formatMoney } from './money';
import { formatBytes, formatCompact, formatCount, formatDuration, formatShare } from './numbers';
import { formatRelative, formatTick, formatTime } from './times';

/** All formats in the language and time zone of the person. */
export function useFormat() {
  const shownLanguage = localeOf(useChoice(language));
  const shownZone = useChoice(timeZone);
  return useMemo(
    () => ({
      /** Whole nano-USD as text. */
      money: (nanoUsd: string) => formatMoney(nanoUsd, shownLanguage),
      count: (count: number) => formatCount(count, shownLanguage),
      compact: (count: number) => formatCompact(count, shownLanguage),
      /** A share of 1. */
      share: (share: number) => formatShare(share, shownLanguage),
      /** Milliseconds. */
      duration: (milliseconds: number) => formatDuration(milliseconds, shownLanguage),
      bytes: (bytes: number) => formatBytes(bytes, shownLanguage),
      /** ISO 8601. */
      time: (iso: string) => formatTime(iso, shownLanguage, shownZone),
      /** ISO 8601, against epoch milliseconds. */
      relative: (iso: string, now: number) => formatRelative(iso, now, shownLanguage),
      /** ISO 8601, on an axis that spans so many milliseconds. */
      tick: (iso: string, spanMs: number) => formatTick(iso, spanMs, shownLanguage, shownZone),
    }),
    [shownLanguage, shownZone],
  );
}

/** The person's own variant of the language, which writes dates in its own way: `en-GB` for `en`. */
function localeOf(shown: string): string {
  return (
    navigator.languages.find((each) => each === shown || each.startsWith(`${shown}-`)) ?? shown
  );
}

export type Format = ReturnType<typeof useFormat>;
