import { queryOptions } from '@tanstack/react-query';
import { api, dataOf } from '@/api/client';

export const budgetsQuery = queryOptions({
  queryKey: ['budgets'],
  queryFn: ({ signal }) => dataOf(api.GET('/api/budgets', { signal })),
});
