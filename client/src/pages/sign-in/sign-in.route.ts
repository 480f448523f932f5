import { createRoute } from '@tanstack/react-router';
import * as z from 'zod/mini';
import { rootRoute } from '@/app/root.route';
import { searchParam } from '@/app/search-param';

export const signInRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/login',
  validateSearch: z.object({
    /** A path within this page, see `safeReturn`. */
    returnTo: searchParam(z.string()),
    /** The session ended by itself; say so. */
    ended: searchParam(z.boolean()),
    /** Why single sign-on failed, as the server says it. */
    error: searchParam(z.string()),
  }),
}).lazy(() => import('./sign-in.page').then(({ page }) => page));
