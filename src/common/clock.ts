/** Where time comes from, so that a spec can be its master. */
export interface Clock {
  /** Milliseconds that only grow; comparable with each other and with nothing else. */
  now(): number;
}

/** The token under which Nest knows the `Clock`. */
export const CLOCK = Symbol('CLOCK');

/** The same time as `performance.now()`. */
export const MONOTONIC_CLOCK: Clock = { now: () => performance.now() };
