/** An average in which what was seen a half-life ago counts half as much as what is seen now. */
export class DecayingAverage {
  #sum = 0;
  #weight = 0;
  #at = 0;

  constructor(private readonly halfLifeMs: number) {}

  /** @param now milliseconds of a clock that only grows */
  add(value: number, now: number): void {
    const kept = this.#keptAt(now);
    this.#sum = this.#sum * kept + value;
    this.#weight = this.#weight * kept + 1;
    this.#at = now;
  }

  /** Undefined before the first value. */
  get value(): number | undefined {
    return this.#weight === 0 ? undefined : this.#sum / this.#weight;
  }

  /** How many values of this very moment it is worth. */
  weightAt(now: number): number {
    return this.#weight * this.#keptAt(now);
  }

  #keptAt(now: number): number {
    return 2 ** (-Math.max(0, now - this.#at) / this.halfLifeMs);
  }
}
