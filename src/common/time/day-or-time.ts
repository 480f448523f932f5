import { isISO8601 } from 'class-validator';

/** A calendar day, with or without a time of day and its offset; not the weeks that ISO 8601 has too. */
export const DAY_OR_TIME =
  /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:\d{2})?)?$/;
const WITHOUT_OFFSET = /T[\d:.]+$/;

/** Whether it is an ISO 8601 day or time that there is. */
export function isDayOrTime(text: string): boolean {
  return DAY_OR_TIME.test(text) && isISO8601(text, { strict: true });
}

/** Milliseconds since the epoch of a day or time; UTC where it names no offset. */
export function epochMsOf(time: string): number {
  return Date.parse(WITHOUT_OFFSET.test(time) ? `${time}Z` : time);
}
