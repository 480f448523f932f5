import { Choice } from '@/preferences/choice';

const TICK_MS = 10_000;

/** The time that "how long ago" is told by, epoch milliseconds; the same for everything on the page. */
export const now = new Choice<number>(Date.now(), () => undefined);

setInterval(() => {
  if (document.visibilityState === 'visible') now.set(Date.now());
}, TICK_MS);
