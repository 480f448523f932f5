import type { Observable } from 'rxjs';
import type { Limit } from './limit.js';

/** How one limit stands after a request was let in or refused. */
export interface Standing {
  readonly limit: Limit;
  /** What is left of it; never negative. */
  readonly remaining: number;
  /** It is one of those that the request does not fit in. */
  readonly isShort: boolean;
  /**
   * Milliseconds: of a short one until the request fits, infinite when it never does; of another
   * one until the oldest of what was used leaves the window. A guess where it is about slots.
   */
  readonly waitMs: number;
}

/** A place within all limits of a request. Nothing of it throws. */
export interface Ticket {
  readonly isTaken: true;
  readonly standings: readonly Standing[];
  /** What the request used in the end, in place of what was taken for it. The first call counts. */
  used(tokens: number): void;
  /** Gives the slots back. The first call counts. */
  release(): void;
  /** Gives everything back, as if the request had never been let in. */
  undo(): void;
}

/** A request that did not fit; nothing was taken for it. */
export interface Shortage {
  readonly isTaken: false;
  readonly standings: readonly Standing[];
}

/** Where the use of limits is counted. */
export interface LimitStore {
  /** Emits when something was given back before its time: slots, or tokens that were not used. */
  readonly freed: Observable<void>;
  /** Slots that this process holds. */
  readonly heldSlots: number;
  /** Takes a place in every limit or in none, in one step. Never rejects. */
  take(limits: readonly Limit[], tokens: number): Ticket | Shortage | Promise<Ticket | Shortage>;
  close(): Promise<void>;
}

/** Injection token of the `LimitStore`. */
export const LIMIT_STORE = Symbol('LIMIT_STORE');

/** When somebody else's request may have ended, as nobody knows when it will. */
export const SLOT_WAIT_MS = 1_000;
