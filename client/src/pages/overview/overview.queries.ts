import { queryOptions } from '@tanstack/react-query';
import { api, dataOf } from '@/api/client';
import type { TimeRange } from '@/app/time-range/time-range';

export const budgetsQuery = queryOptions({
  queryKey: ['budgets'],
  queryFn: ({ signal }) => dataOf(api.GET('/api/budgets', { signal })),
});

export function summaryQuery({ from, to }: TimeRange) {
  const query = { from, to };
  return queryOptions({
    queryKey: ['usage', 'summary', query],
    queryFn: ({ signal }) => dataOf(api.GET('/api/usage/summary', { params: { query }, signal })),
  });
}

export function requestsOverTimeQuery({ from, to }: TimeRange, timeZone: string) {
  const query = { from, to, timeZone, metric: 'requests', groupBy: 'model' } as const;
  return queryOptions({
    queryKey: ['usage', 'time-series', query],
    queryFn: ({ signal }) =>
      dataOf(api.GET('/api/usage/time-series', { params: { query }, signal })),
  });
}
