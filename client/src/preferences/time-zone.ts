import { Choice } from './choice';
import { readPreference, writePreference } from './preference-cookie';

export const BROWSER_TIME_ZONE = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** The zone that times are shown in and that days begin in. Always named beside a range. */
export const timeZone = new Choice<string>(known(readPreference('time-zone')), (value) =>
  writePreference('time-zone', value),
);

function known(name: string | undefined): string {
  if (name === undefined) return BROWSER_TIME_ZONE;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone;
  } catch {
    return BROWSER_TIME_ZONE;
  }
}
