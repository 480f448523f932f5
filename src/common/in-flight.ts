import { Injectable } from '@nestjs/common';

/** Something that is being answered and can be told to end. */
export interface InFlightWork {
  /** Ends it early, with a typed error to its client and a row in the ledger. */
  end(): void;
}

/** Knows what is in flight, and during shutdown lets it finish while nothing new begins. */
@Injectable()
export class InFlight {
  readonly #work = new Set<InFlightWork>();
  #draining = false;
  #emptied: (() => void) | undefined;

  get draining(): boolean {
    return this.#draining;
  }

  get size(): number {
    return this.#work.size;
  }

  add(work: InFlightWork): void {
    this.#work.add(work);
  }

  remove(work: InFlightWork): void {
    this.#work.delete(work);
    if (this.#work.size === 0) this.#emptied?.();
  }

  /** From now on `draining` is true and whoever accepts work refuses it. */
  beginDrain(): void {
    this.#draining = true;
  }

  /**
   * Waits until everything in flight has ended by itself, at most `limitMs`; then ends the rest
   * and waits for that. Resolves with the number of those that had to be ended.
   */
  async drain(limitMs: number): Promise<number> {
    this.beginDrain();
    if (this.#work.size === 0) return 0;
    const emptied = new Promise<void>((resolve) => {
      this.#emptied = resolve;
    });
    let ended = 0;
    const timer = setTimeout(() => {
      ended = this.#work.size;
      for (const work of this.#work) work.end();
    }, limitMs);
    await emptied;
    clearTimeout(timer);
    return ended;
  }
}
