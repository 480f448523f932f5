import type { HealthSettings } from '../../config/health-config.js';
import type { EndedCall } from '../targets/target-call.js';
import type { HealthState } from '../targets/target-states.js';
import { CallWindow, errorPercent } from './call-window.js';
import { findTrend } from './find-trend.js';

export type { HealthState } from '../targets/target-states.js';
export type Observation = Pick<EndedCall, 'verdict' | 'isStream' | 'firstValueMs' | 'durationMs'>;

/** Passed calls that a disabled target needs to be tried again. */
const PASSES_TO_ENABLE = 3;
/** Windows in a row without a reason for worry, after which it is well. */
const CALM_WINDOWS = 2;
const REMEMBERED_WINDOWS = 3;

/**
 * The health of one target, with hysteresis: it is disabled in an instant and comes back in steps,
 * by way of `degraded`, so that it does not go on and off with every other call.
 */
export class TargetHealth {
  #state: HealthState = 'healthy';
  #since: number;
  #current = new CallWindow();
  #windowStart: number;
  #closed: CallWindow[] = [];
  #calm = 0;

  constructor(
    private readonly settings: HealthSettings,
    now: number,
  ) {
    this.#since = now;
    this.#windowStart = now;
  }

  get state(): HealthState {
    return this.#state;
  }

  /** When it came into its state, on the clock of whoever asks. */
  get since(): number {
    return this.#since;
  }

  /** @param now milliseconds of a clock that only grows */
  observe(call: Observation, now: number): void {
    this.roll(now);
    this.#current.add(call);
    if (this.#state !== 'disabled') this.#disableWhenBad(now);
    else this.#enableWhenGood(now);
  }

  /** Closes the windows that are over, whether there were calls or not. */
  roll(now: number): void {
    const { windowMs } = this.settings;
    const over = Math.floor((now - this.#windowStart) / windowMs);
    this.#windowStart += over * windowMs;
    // After a long silence a few empty windows say the same as many.
    for (let count = Math.min(over, REMEMBERED_WINDOWS + CALM_WINDOWS); count > 0; count -= 1) {
      this.#close(now);
    }
  }

  #close(now: number): void {
    const window = this.#current;
    this.#current = new CallWindow();
    this.#closed = [...this.#closed, window].slice(-REMEMBERED_WINDOWS);
    const { minCalls, enableBelowErrorPercent } = this.settings;
    const isBad = window.calls >= minCalls && window.errorPercent >= enableBelowErrorPercent;
    if (this.#state === 'disabled') {
      // Without anybody who calls or probes it, only a try can tell.
      this.#calm = window.calls === 0 ? this.#calm + 1 : 0;
      if (this.#calm >= CALM_WINDOWS) this.#become('degraded', now);
    } else if (isBad || findTrend(this.#closed, minCalls) !== undefined) {
      this.#calm = 0;
      if (this.#state === 'healthy') this.#become('degraded', now);
    } else if (this.#state === 'degraded') {
      this.#calm += 1;
      if (this.#calm >= CALM_WINDOWS) this.#become('healthy', now);
    }
  }

  #disableWhenBad(now: number): void {
    const { minCalls, disableAboveErrorPercent } = this.settings;
    const before = this.#closed.at(-1);
    const calls = this.#current.calls + (before?.calls ?? 0);
    const failures = this.#current.failures + (before?.failures ?? 0);
    if (calls < minCalls) return;
    if (errorPercent({ calls, failures }) > disableAboveErrorPercent) this.#become('disabled', now);
  }

  #enableWhenGood(now: number): void {
    const { calls, failures } = this.#current;
    if (calls - failures < PASSES_TO_ENABLE) return;
    if (this.#current.errorPercent < this.settings.enableBelowErrorPercent) {
      this.#become('degraded', now);
    }
  }

  /** With an empty memory: what was is why it is in that state, and counts once. */
  #become(state: HealthState, now: number): void {
    this.#state = state;
    this.#since = now;
    this.#calm = 0;
    this.#closed = [];
    this.#current = new CallWindow();
    this.#windowStart = now;
  }
}
