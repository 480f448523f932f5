import type { AnyRouter } from '@tanstack/react-router';

let hasNavigated = false;

/** Remembers that the person came to a page by a click: its heading then takes the focus. */
export function rememberNavigation(router: AnyRouter): void {
  router.subscribe('onBeforeNavigate', ({ fromLocation, pathChanged }) => {
    if (fromLocation !== undefined && pathChanged) hasNavigated = true;
  });
}

/** Focuses the heading of a page that was navigated to, so that it is read out and Tab starts there. */
export function focusAfterNavigation(heading: HTMLElement): void {
  if (!hasNavigated) return;
  hasNavigated = false;
  heading.focus({ preventScroll: true });
}
