import { useSearch } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useChoice } from '@/preferences/choice';
import { shownAt } from './refresh';
import { type TimeRange, timeRangeOf } from './time-range';

/** The range that the person chose; the same object until it changes or the page is refreshed. */
export function useTimeRange(): TimeRange {
  const { range, from, to } = useSearch({ from: '/frame' });
  const now = useChoice(shownAt);
  return useMemo(() => timeRangeOf({ range, from, to }, now), [range, from, to, now]);
}
