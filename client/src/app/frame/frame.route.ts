import { createRoute, redirect, retainSearchParams } from '@tanstack/react-router';
import { session } from '@/api/session';
import { rootRoute } from '../root.route';
import { timeRangeSearch } from '../time-range/time-range-search';

/** Parent of all pages: navigation, top bar, and nobody who is not signed in. */
export const frameRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: 'frame',
  validateSearch: timeRangeSearch,
  // The range stays while people go from page to page.
  search: { middlewares: [retainSearchParams(['range', 'from', 'to'])] },
  beforeLoad: async ({ location }) => {
    const wasSignedIn = session.wasSignedIn();
    if (session.state().kind === 'unknown') await session.renew();
    const state = session.state();
    if (state.kind === 'signed-in' && !state.mustChangePassword) return;
    const search = { returnTo: location.href };
    if (state.kind === 'signed-in') redirect({ to: '/change-password', search, throw: true });
    const ended = wasSignedIn ? { ended: true } : {};
    redirect({ to: '/login', search: { ...search, ...ended }, throw: true });
  },
}).lazy(() => import('./frame').then(({ frame }) => frame));
