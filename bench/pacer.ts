import { performance } from 'node:perf_hooks';

/**
 * Runs many callbacks at their times with one timer: a timer per stream would cost the fake
 * upstream more than the chunks do. Times are on the clock of `performance.now()`, to the millisecond.
 */
export class Pacer {
  readonly #buckets = new Map<number, Array<() => void>>();
  #timer: NodeJS.Timeout | undefined;
  #lastTick = 0;

  /** Times in the past run at the next tick. */
  at(timeMs: number, run: () => void): void {
    const now = Math.floor(performance.now());
    if (this.#timer === undefined) {
      this.#lastTick = now;
      this.#timer = setInterval(() => this.#tick(), 1);
    }
    const tick = Math.max(Math.ceil(timeMs), this.#lastTick + 1);
    const bucket = this.#buckets.get(tick);
    if (bucket === undefined) this.#buckets.set(tick, [run]);
    else bucket.push(run);
  }

  #tick(): void {
    const now = Math.floor(performance.now());
    while (this.#lastTick < now) {
      this.#lastTick += 1;
      const due = this.#buckets.get(this.#lastTick);
      if (due === undefined) continue;
      this.#buckets.delete(this.#lastTick);
      for (const run of due) run();
    }
    if (this.#buckets.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}
