const HOUR_MS = 3_600_000;
const MINUTES = 60;
/** What was two days ago counts half as much as what is today. */
const HALF_LIFE_MS = 48 * HOUR_MS;

/** Requests of one hour. */
export interface HourOfUse {
  /** Unix milliseconds. */
  readonly startedAt: number;
  readonly requests: number;
}

/**
 * How many requests per minute a client makes in the hours in which it makes any: nights say
 * nothing of how fast a day is. Hours of long ago count less. 0 for a client without a past.
 * @param now Unix milliseconds; the hour that is not over does not count
 */
export function usualRate(hours: readonly HourOfUse[], now: number): number {
  let sum = 0;
  let weights = 0;
  for (const { startedAt, requests } of hours) {
    const age = now - startedAt - HOUR_MS;
    if (age < 0 || requests <= 0) continue;
    const weight = 2 ** (-age / HALF_LIFE_MS);
    sum += weight * (requests / MINUTES);
    weights += weight;
  }
  return weights === 0 ? 0 : sum / weights;
}
