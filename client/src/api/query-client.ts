import { QueryClient } from '@tanstack/react-query';
import { ApiFailure } from './api-failure';

const MOST_RETRIES = 2;
/** Younger answers are shown as they are when a page is opened again. */
const FRESH_MS = 10_000;

/** What the pages have been told, and when it is asked again. */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: FRESH_MS,
      retry: (failures, error) =>
        failures < MOST_RETRIES && error instanceof ApiFailure && error.isPassing,
    },
  },
});
