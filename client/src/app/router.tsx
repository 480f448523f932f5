import { createRouter } from '@tanstack/react-router';
import { session } from '@/api/session';
import { BASE_PATH } from './base-path';
import { PageFailure } from './page-failure';
import { PageMissing } from './page-missing';
import { PagePending } from './page-pending';
import { rememberNavigation } from './page-focus';
import { routeTree } from './route-tree';

export const router = createRouter({
  routeTree,
  basepath: BASE_PATH === '' ? '/' : BASE_PATH,
  // A link that is pointed at has its code, not its data, when it is clicked.
  defaultPreload: 'intent',
  defaultPendingComponent: PagePending,
  defaultErrorComponent: PageFailure,
  defaultNotFoundComponent: PageMissing,
  scrollRestoration: true,
});

rememberNavigation(router);

// A session that ends in the middle of work leads to the sign-in page and back to the same place.
session.subscribe(() => {
  if (session.state().kind === 'signed-out') void router.invalidate();
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
