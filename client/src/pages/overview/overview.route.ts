import { createRoute } from '@tanstack/react-router';
import { frameRoute } from '@/app/frame/frame.route';

export const overviewRoute = createRoute({
  getParentRoute: () => frameRoute,
  path: '/',
}).lazy(() => import('./overview.page').then(({ page }) => page));
