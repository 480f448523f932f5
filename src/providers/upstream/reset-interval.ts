/**
 * How long a breaker stays open, in milliseconds: twice as long each time that the upstream turns
 * out to be no better, up to a most; from the beginning again after it was well for as long as the
 * breaker was last open.
 */
export class ResetInterval {
  readonly #base: number;
  readonly #most: number;
  #current: number;
  #closedAt = Number.NEGATIVE_INFINITY;

  constructor(base: number, most: number) {
    this.#base = base;
    this.#most = Math.max(base, most);
    this.#current = base;
  }

  /** The breaker opens after it was closed. */
  afterClosed(): number {
    const wasWell = performance.now() - this.#closedAt >= this.#current;
    return (this.#current = wasWell ? this.#base : this.#doubled());
  }

  /** The breaker opens because a probe failed. */
  afterProbe(): number {
    return (this.#current = this.#doubled());
  }

  /** Another process has found out how long; never longer than it might be here. */
  follow(milliseconds: number): number {
    return (this.#current = Math.min(Math.max(1, milliseconds), this.#most));
  }

  closed(): void {
    this.#closedAt = performance.now();
  }

  /** What happened does not count any more. */
  forget(): void {
    this.#current = this.#base;
    this.#closedAt = Number.NEGATIVE_INFINITY;
  }

  #doubled(): number {
    return Math.min(Math.max(this.#current * 2, this.#base), this.#most);
  }
}
