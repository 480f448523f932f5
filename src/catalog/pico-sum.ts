const PICO_PER_NANO = 1000;

/** A count that is no whole number ≥ 0, or a cost beyond 2^53 nano-USD (nine million dollars). */
export class CostRangeError extends RangeError {
  override readonly name = 'CostRangeError';
}

/** An exact sum of products of integers; leaves plain numbers only when they would become inexact. */
export class PicoSum {
  #small = 0;
  #large = 0n;

  /** @throws CostRangeError for a count that is none */
  add(count: number, pico: number): void {
    if (!Number.isSafeInteger(count) || count < 0) {
      throw new CostRangeError(`A count of ${count} cannot be charged`);
    }
    const product = count * pico;
    // Rounding is monotone: a float sum within the safe range is the exact one.
    if (this.#small + product <= Number.MAX_SAFE_INTEGER) this.#small += product;
    else this.#large += BigInt(count) * BigInt(pico);
  }

  /** @throws CostRangeError as `add` */
  addNano(count: number, nano: number): void {
    this.add(count, nano * PICO_PER_NANO);
  }

  /** @throws CostRangeError for a sum beyond any real one */
  toNano(rounding: 'half-up' | 'up'): number {
    const extra = rounding === 'up' ? PICO_PER_NANO - 1 : PICO_PER_NANO / 2;
    if (this.#large === 0n) {
      // By remainder, because a quotient of large numbers may be rounded up to the next integer.
      const rest = this.#small % PICO_PER_NANO;
      return (this.#small - rest) / PICO_PER_NANO + (rest + extra >= PICO_PER_NANO ? 1 : 0);
    }
    const pico = this.#large + BigInt(this.#small) + BigInt(extra);
    const nano = Number(pico / BigInt(PICO_PER_NANO));
    if (!Number.isSafeInteger(nano)) throw new CostRangeError('The cost is beyond any real one');
    return nano;
  }
}
