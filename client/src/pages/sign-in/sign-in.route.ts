import { createRoute } from '@tanstack/react-router';
import * as z from 'zod/mini';
import { rootRoute } from '@/app/root.route';

export const signInRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/login',
  validateSearch: z.object({
    /** A path within this page, see `safeReturn`. */
    returnTo: z.catch(z.optional(z.string()), undefined),
    /** The session ended by itself; say so. */
    ended: z.catch(z.optional(z.boolean()), undefined),
    /** Why single sign-on failed, as the server says it. */
    error: z.catch(z.optional(z.string()), undefined),
  }),
}).lazy(() => import('./sign-in.page').then(({ page }) => page));
