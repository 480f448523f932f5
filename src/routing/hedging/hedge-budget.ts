/** Requests over which the share of hedged ones holds. */
const WINDOW = 1_000;
/** Slow answers come in bunches, the first of them before there is a share of anything. */
const BURST = 10;

/**
 * How many of a model's last thousand requests may be sent twice: at every moment no more than the
 * share of those that were made, or ten.
 */
export class HedgeBudget {
  /** 1 where the request was sent twice; the oldest is overwritten. */
  readonly #ring = new Uint8Array(WINDOW);
  #requests = 0;
  #hedged = 0;

  /** A request is made. */
  count(): void {
    const at = this.#requests % WINDOW;
    this.#hedged -= this.#ring[at] as number;
    this.#ring[at] = 0;
    this.#requests += 1;
  }

  /** Whether one of the requests may be sent twice; it counts as such from now on. */
  take(percent: number): boolean {
    const made = Math.min(this.#requests, WINDOW);
    const most = Math.max(BURST, (made * percent) / 100);
    if (this.#hedged + 1 > most) return false;
    // Counted at the newest request without one: all of them leave the window in time.
    for (let back = 1; back <= made; back += 1) {
      const at = (this.#requests - back) % WINDOW;
      if (this.#ring[at] === 1) continue;
      this.#ring[at] = 1;
      this.#hedged += 1;
      return true;
    }
    return false;
  }
}
