import { queryClient } from '@/api/query-client';
import { Choice } from '@/preferences/choice';
import { readPreference, writePreference } from '@/preferences/preference-cookie';

/** Seconds between two refreshes; 0 is by hand. */
export const REFRESH_SECONDS = [0, 10, 60, 300] as const;

const written = Number(readPreference('refresh') ?? 60);
let timer: ReturnType<typeof setInterval> | undefined;

/** What "now" is for every figure of the page; all of them move together. */
export const shownAt = new Choice<number>(Date.now(), () => undefined);

export const refreshEvery = new Choice<number>(
  REFRESH_SECONDS.find((each) => each === written) ?? 60,
  (seconds) => {
    writePreference('refresh', String(seconds));
    startTimer(seconds);
  },
);

/** Asks the server again for everything that is shown. */
export function refresh(): void {
  shownAt.set(Date.now());
  void queryClient.invalidateQueries();
}

function startTimer(seconds: number): void {
  clearInterval(timer);
  if (seconds === 0) return;
  timer = setInterval(() => {
    // A page that nobody looks at asks nothing; it is fresh again a moment after it is looked at.
    if (document.visibilityState === 'visible') refresh();
  }, seconds * 1000);
}

startTimer(refreshEvery.get());
