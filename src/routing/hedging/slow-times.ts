/** Calls that are looked at. */
const KEPT = 200;
/** Fewer say nothing of the slowest of them. */
const LEAST = 20;
const SHARES = { p90: 0.9, p95: 0.95, p99: 0.99 };

/** Which of a target's calls count as slow: those above this quantile of the last ones. */
export type Quantile = keyof typeof SHARES;

/** The times of a target's last calls to their first chunk, and what is slow among them. */
export class SlowTimes {
  readonly #times: number[] = [];
  #at = 0;
  readonly #share: number;
  #sorted: readonly number[] | undefined;

  constructor(quantile: Quantile) {
    this.#share = SHARES[quantile];
  }

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
    if (time >= (this.threshold ?? Number.POSITIVE_INFINITY)) this.add(time);
  }

  /** Milliseconds that the others need at most; undefined while too little is known. */
  get threshold(): number | undefined {
    if (this.#times.length < LEAST) return undefined;
    this.#sorted ??= this.#times.toSorted((one, other) => one - other);
    return this.#sorted[Math.ceil(this.#share * this.#sorted.length) - 1];
  }
}
