import type { UpstreamTimeouts } from '../contract/provider-instance.js';

export interface DeadlineListener {
  /** A limit passed; the message says which. Called once. */
  expired(message: string): void;
}

/** What Node's timers can hold. */
const MAX_DELAY = 2 ** 31 - 1;

/**
 * The time limits of one call in one timer. What happens is only noted; the timer, when it fires,
 * looks whether a limit has really passed and else sleeps on, so that a chunk costs a clock reading
 * and no timer.
 */
export class Deadline {
  readonly #timeouts: UpstreamTimeouts;
  readonly #totalMs: number;
  readonly #listener: DeadlineListener;
  readonly #startedAt = performance.now();
  #timer: NodeJS.Timeout;
  #silentSince = 0;
  #sent = false;
  #answered = false;
  #paused = false;

  /** `totalMs` is the caller's own limit. */
  constructor(timeouts: UpstreamTimeouts, totalMs: number | undefined, listener: DeadlineListener) {
    this.#timeouts = timeouts;
    this.#totalMs =
      totalMs !== undefined && totalMs < timeouts.totalMs ? totalMs : timeouts.totalMs;
    this.#listener = listener;
    const delay = Math.min(this.#totalMs, timeouts.firstByteMs, MAX_DELAY);
    this.#timer = setTimeout(check, delay, this);
  }

  /** The request is written; from here the first byte is waited for. */
  sent(): void {
    this.#sent = true;
    this.#silentSince = performance.now();
  }

  /** A piece of the body arrived. */
  received(): void {
    this.#silentSince = performance.now();
    if (this.#answered) return;
    this.#answered = true;
    // The timer sleeps for the first byte; the shorter limit must not wait for that.
    if (this.#timeouts.idleMs < this.#timeouts.firstByteMs) {
      clearTimeout(this.#timer);
      this.#sleep(this.#timeouts.idleMs);
    }
  }

  /** The reader is slow: until `resumed` silence says nothing about the upstream. */
  paused(): void {
    this.#paused = true;
  }

  resumed(): void {
    this.#paused = false;
    this.#silentSince = performance.now();
  }

  clear(): void {
    clearTimeout(this.#timer);
  }

  /** The timer fired. */
  check(): void {
    const now = performance.now();
    const totalLeft = this.#startedAt + this.#totalMs - now;
    if (totalLeft <= 0) {
      this.#listener.expired(`The upstream took longer than ${this.#totalMs} ms`);
      return;
    }
    const limit = this.#answered ? this.#timeouts.idleMs : this.#timeouts.firstByteMs;
    // Waiting for a free connection is not the upstream's silence.
    const counts = this.#sent && !this.#paused;
    const silenceLeft = counts ? this.#silentSince + limit - now : limit;
    if (silenceLeft <= 0) {
      this.#listener.expired(
        this.#answered
          ? `The upstream was silent for ${limit} ms`
          : `The upstream did not begin to answer within ${limit} ms`,
      );
      return;
    }
    this.#sleep(Math.min(totalLeft, silenceLeft));
  }

  #sleep(milliseconds: number): void {
    const delay = Math.min(Math.ceil(milliseconds), MAX_DELAY);
    this.#timer = setTimeout(check, delay, this);
  }
}

function check(deadline: Deadline): void {
  deadline.check();
}
