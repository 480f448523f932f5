import { Subject } from 'rxjs';
import { costOf, type Limit } from './limit.js';
import {
  SLOT_WAIT_MS,
  type LimitStore,
  type Shortage,
  type Standing,
  type Ticket,
} from './limit-store.js';
import { LimitWindow, WINDOW_MS, type WindowSlot } from './limit-window.js';
import { MemoryTicket, type TicketOffice } from './memory-ticket.js';

export interface MemoryLimitStoreOptions {
  /** Processes that share the limits, this one included; 1 when absent. */
  readonly processes?: () => number;
  /** Milliseconds that never go back. */
  readonly now?: () => number;
}

/**
 * Counts in this process alone. Where several processes have nothing to count in together, each
 * holds to its share of every limit: rounded down, but one at least where the limit allows any, as
 * otherwise nobody would be let in anywhere.
 */
export class MemoryLimitStore implements LimitStore {
  readonly freed = new Subject<void>();
  readonly #windows = new Map<string, LimitWindow>();
  readonly #held = new Map<string, number>();
  readonly #processes: () => number;
  readonly #now: () => number;
  readonly #office: TicketOffice;
  /** Tells nobody. */
  readonly #quietOffice: TicketOffice;
  #heldSlots = 0;
  #sweepAt: number;

  constructor({
    processes = () => 1,
    now = () => performance.now(),
  }: MemoryLimitStoreOptions = {}) {
    this.#processes = processes;
    this.#now = now;
    this.#sweepAt = now() + WINDOW_MS;
    const releaseSlot = (limit: Limit): void => this.#hold(limit, -1);
    this.#office = { now, releaseSlot, tellFreed: () => this.freed.next() };
    this.#quietOffice = { now, releaseSlot, tellFreed: () => undefined };
  }

  get heldSlots(): number {
    return this.#heldSlots;
  }

  /** Windows in memory; for tests. */
  get size(): number {
    return this.#windows.size;
  }

  /** Slots that are held, by the id of their limit. */
  get held(): ReadonlyMap<string, number> {
    return this.#held;
  }

  take(limits: readonly Limit[], tokens: number): Ticket | Shortage {
    const now = this.#now();
    this.#sweep(now);
    const shares = this.#processes();
    let isShort = false;
    const standings = limits.map((limit): Standing => {
      const standing = this.#standingOf(limit, shareOf(limit.most, shares), tokens, now);
      isShort ||= standing.isShort;
      return standing;
    });
    if (!isShort) return this.#ticket(standings, limits, tokens, { now, office: this.#office });
    return { isTaken: false, standings: standings.map((each) => untaken(each, tokens)) };
  }

  /** Takes a place whether or not there is one, for what another store lets in; `freed` says nothing of it. */
  force(limits: readonly Limit[], tokens: number): Ticket {
    return this.#ticket([], limits, tokens, { now: this.#now(), office: this.#quietOffice });
  }

  async close(): Promise<void> {
    this.freed.complete();
  }

  /** As it will be when the request is let in, or as it is when it does not fit. */
  #standingOf(limit: Limit, most: number, tokens: number, now: number): Standing {
    const cost = costOf(limit, tokens);
    if (limit.kind === 'slots') {
      const remaining = most - (this.#held.get(limit.id) ?? 0);
      const isShort = remaining < 1;
      const waitMs = most < 1 ? Number.POSITIVE_INFINITY : SLOT_WAIT_MS;
      return {
        limit,
        isShort,
        remaining: Math.max(0, isShort ? remaining : remaining - 1),
        waitMs,
      };
    }
    const window = this.#windows.get(limit.id);
    const sum = window?.sumAt(now) ?? 0;
    const isShort = sum + cost > most;
    if (!isShort) {
      const waitMs = (window?.oldestLeavesIn(now) ?? 0) || WINDOW_MS;
      return { limit, isShort, remaining: most - sum - cost, waitMs };
    }
    const never = most - cost < 0;
    const waitMs = never ? Number.POSITIVE_INFINITY : (window?.waitUntil(most - cost, now) ?? 0);
    return { limit, isShort, remaining: Math.max(0, most - sum), waitMs };
  }

  #ticket(
    standings: readonly Standing[],
    limits: readonly Limit[],
    tokens: number,
    { now, office }: { readonly now: number; readonly office: TicketOffice },
  ): Ticket {
    const uses = limits.map((limit): WindowSlot | undefined => {
      if (limit.kind === 'slots') return this.#hold(limit, 1);
      return this.#windowOf(limit.id).add(costOf(limit, tokens), now);
    });
    return new MemoryTicket({ standings, limits, tokens, uses }, office);
  }

  #hold({ id }: Limit, difference: 1 | -1): undefined {
    const held = (this.#held.get(id) ?? 0) + difference;
    this.#heldSlots += difference;
    if (held > 0) this.#held.set(id, held);
    else this.#held.delete(id);
  }

  #windowOf(id: string): LimitWindow {
    let window = this.#windows.get(id);
    if (window === undefined) this.#windows.set(id, (window = new LimitWindow()));
    return window;
  }

  /** Drops what has been idle for a minute: once a minute, and only while there are requests. */
  #sweep(now: number): void {
    if (now < this.#sweepAt) return;
    this.#sweepAt = now + WINDOW_MS;
    for (const [id, window] of this.#windows) {
      window.sumAt(now);
      if (window.isEmpty) this.#windows.delete(id);
    }
  }
}

/** Of a request that was not let in after all, because of another limit. */
function untaken(standing: Standing, tokens: number): Standing {
  if (standing.isShort) return standing;
  return { ...standing, remaining: standing.remaining + costOf(standing.limit, tokens) };
}

/** Of a limit that so many processes share without counting together. */
export function shareOf(most: number, processes: number): number {
  if (processes <= 1 || most === 0) return most;
  return Math.max(1, Math.floor(most / processes));
}
