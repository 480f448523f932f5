import { changePasswordRoute } from '@/pages/sign-in/change-password.route';
import { setUpRoute } from '@/pages/sign-in/set-up.route';
import { signInRoute } from '@/pages/sign-in/sign-in.route';
import { overviewRoute } from '@/pages/overview/overview.route';
import { frameRoute } from './frame/frame.route';
import { missingRoute } from './missing.route';
import { rootRoute } from './root.route';

/** Every page, one line each. What is in the frame needs somebody who is signed in. */
export const routeTree = rootRoute.addChildren([
  signInRoute,
  setUpRoute,
  changePasswordRoute,
  frameRoute.addChildren([overviewRoute, missingRoute]),
]);
