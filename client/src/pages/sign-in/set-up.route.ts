import { createRoute } from '@tanstack/react-router';
import { rootRoute } from '@/app/root.route';

/** `/setup#token=…`: in the fragment, because that never reaches a log. */
export const setUpRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/setup',
}).lazy(() => import('./set-up.page').then(({ page }) => page));
