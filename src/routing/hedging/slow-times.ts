/** Calls that are looked at. */
const KEPT = 200;
/** Fewer say nothing of the slowest of them. */
const LEAST = 20;
const QUANTILE = 0.95;

/** The times of a target's last calls to their first chunk, and what is slow among them. */
export class SlowTimes {
  readonly #times: number[] = [];
  #at = 0;
  #sorted: readonly number[] | undefined;

  /** Milliseconds. */
  add(time: number): void {
    this.#times[this.#at] = time;
    this.#at = (this.#at + 1) % KEPT;
    this.#sorted = undefined;
  }

  /**
   * A call was broken off after so long without a first chunk. It counts where it was slow already:
   * otherwise those that are spared would make the others look slower than they are.
   */
  addBrokenOff(time: number): void {
    if (time >= (this.p95 ?? Number.POSITIVE_INFINITY)) this.add(time);
  }

  /** Milliseconds that 95 of 100 calls need at most; undefined while too little is known. */
  get p95(): number | undefined {
    if (this.#times.length < LEAST) return undefined;
    this.#sorted ??= this.#times.toSorted((one, other) => one - other);
    return this.#sorted[Math.ceil(QUANTILE * this.#sorted.length) - 1];
  }
}
