import { createRoute, redirect } from '@tanstack/react-router';
import * as z from 'zod/mini';
import { session } from '@/api/session';
import { rootRoute } from '@/app/root.route';
import { searchParam } from '@/app/search-param';

/** For people whose password somebody else chose; nothing else opens to them before. */
export const changePasswordRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/change-password',
  validateSearch: z.object({ returnTo: searchParam(z.string()) }),
  beforeLoad: async ({ search }) => {
    if (session.state().kind === 'unknown') await session.renew();
    if (session.state().kind !== 'signed-in') redirect({ to: '/login', search, throw: true });
  },
}).lazy(() => import('./change-password.page').then(({ page }) => page));
