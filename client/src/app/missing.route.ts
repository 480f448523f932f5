import { createRoute } from '@tanstack/react-router';
import { frameRoute } from './frame/frame.route';
import { PageMissing } from './page-missing';

/** Every other address, within the frame, so that there is a way on. */
export const missingRoute = createRoute({
  getParentRoute: () => frameRoute,
  path: '$',
  component: PageMissing,
});
