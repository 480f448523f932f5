import { Injectable } from '@nestjs/common';

/** What is being answered, for whoever looks on. */
export interface InFlightView {
  /** Of the request. */
  readonly id: string;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly clientId: string;
  readonly clientName: string;
  readonly apiKeyId: string;
  readonly dialect: string;
  readonly requestedModel: string;
  readonly stream: boolean;
  /** Who is being asked; null before anybody is. */
  readonly provider: string | null;
  readonly model: string | null;
  /** Milliseconds; null before the first chunk. */
  readonly firstChunkMs: number | null;
}

/** Something that is being answered and can be told to end. */
export interface InFlightWork {
  describe?(): InFlightView;
  /** Ends it early, with a typed error to its client and a row in the ledger. */
  end(): void;
  /** Where it stands among the others; `InFlight` keeps it. */
  place?: number | undefined;
}

/** Knows what is in flight, and during shutdown lets it finish while nothing new begins. */
@Injectable()
export class InFlight {
  /**
   * No `Set`: one that is added to and removed from all the time is copied again and again, and V8
   * links each old copy to the next. The old ones keep what they held from being collected with the
   * young objects, which made half of a request's memory old.
   */
  readonly #work: InFlightWork[] = [];
  #draining = false;
  #emptied: (() => void) | undefined;

  get draining(): boolean {
    return this.#draining;
  }

  get size(): number {
    return this.#work.length;
  }

  /** The first of them, in no order. */
  describe(most: number): InFlightView[] {
    return this.#work.slice(0, most).flatMap((work) => work.describe?.() ?? []);
  }

  add(work: InFlightWork): void {
    work.place = this.#work.length;
    this.#work.push(work);
  }

  remove(work: InFlightWork): void {
    const { place } = work;
    if (place === undefined) return;
    work.place = undefined;
    const last = this.#work.pop() as InFlightWork;
    if (last !== work) {
      this.#work[place] = last;
      last.place = place;
    }
    if (this.#work.length === 0) this.#emptied?.();
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
    if (this.#work.length === 0) return 0;
    const emptied = new Promise<void>((resolve) => {
      this.#emptied = resolve;
    });
    let ended = 0;
    const timer = setTimeout(() => {
      ended = this.#work.length;
      // A copy: whoever ends at once leaves the list.
      for (const work of this.#work.slice()) work.end();
    }, limitMs);
    await emptied;
    clearTimeout(timer);
    return ended;
  }
}
