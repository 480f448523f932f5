import { costOf, type Limit } from './limit.js';
import type { Standing, Ticket } from './limit-store.js';
import type { WindowSlot } from './limit-window.js';

/** What a request took. */
export interface Taking {
  readonly standings: readonly Standing[];
  readonly limits: readonly Limit[];
  readonly tokens: number;
  /** Where it counts, limit by limit; undefined for one of slots, which are in no window. */
  readonly uses: readonly (WindowSlot | undefined)[];
}

/** The store that gave a ticket. */
export interface TicketOffice {
  /** Milliseconds that never go back. */
  now(): number;
  releaseSlot(limit: Limit): void;
  /** Something was given back before its time. */
  tellFreed(): void;
}

/** A place in every limit of one request, counted in this process. */
export class MemoryTicket implements Ticket {
  readonly isTaken = true;
  #isCounted = false;
  #isReleased = false;

  constructor(
    private readonly taking: Taking,
    private readonly office: TicketOffice,
  ) {}

  get standings(): readonly Standing[] {
    return this.taking.standings;
  }

  used(tokens: number): void {
    if (this.#isCounted) return;
    this.#isCounted = true;
    const difference = tokens - this.taking.tokens;
    if (difference !== 0) this.#amend(({ kind }) => (kind === 'tokens' ? difference : 0));
    if (difference < 0) this.office.tellFreed();
  }

  release(): void {
    if (this.#isReleased) return;
    this.#isReleased = true;
    let hasSlots = false;
    for (const limit of this.taking.limits) {
      if (limit.kind !== 'slots') continue;
      this.office.releaseSlot(limit);
      hasSlots = true;
    }
    if (hasSlots) this.office.tellFreed();
  }

  undo(): void {
    if (!this.#isCounted) {
      this.#isCounted = true;
      this.#amend((limit) => -costOf(limit, this.taking.tokens));
    }
    this.release();
    this.office.tellFreed();
  }

  #amend(amountOf: (limit: Limit) => number): void {
    const { limits, uses } = this.taking;
    const now = this.office.now();
    for (let index = 0; index < limits.length; index += 1) {
      const use = uses[index];
      const difference = use === undefined ? 0 : amountOf(limits[index] as Limit);
      if (difference !== 0) use?.window.amend(use, difference, now);
    }
  }
}
