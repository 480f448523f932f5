import type { UseNavigateResult } from '@tanstack/react-router';
import { queryClient } from '@/api/query-client';
import { session } from '@/api/session';

/** Ends the session and leaves nothing of it in the page. */
export async function signOut(navigate: UseNavigateResult<string>): Promise<void> {
  try {
    await session.signOut();
  } finally {
    queryClient.clear();
    await navigate({ to: '/login' });
  }
}
