import { queryOptions } from '@tanstack/react-query';
import { BASE_PATH } from '@/app/base-path';
import { readFailure } from './api-failure';
import { fetchInTime, request } from './request';

export type OverallStatus = 'ok' | 'degraded' | 'down';

/** How the providers are as a whole. The server answers 503 when all are down, and that is an answer. */
export const healthQuery = queryOptions({
  queryKey: ['health'],
  refetchInterval: 15_000,
  queryFn: async ({ signal }): Promise<{ status: OverallStatus }> => {
    const response = await fetchInTime(new Request(`${BASE_PATH}/health`, { signal }));
    if (!response.ok && response.status !== 503) throw await readFailure(response);
    return (await response.json()) as { status: OverallStatus };
  },
});

export const versionQuery = queryOptions({
  queryKey: ['version'],
  staleTime: Infinity,
  queryFn: async ({ signal }): Promise<{ version: string; node: string }> =>
    (await (await request('/version', { signal })).json()) as { version: string; node: string },
});
