import { Observable } from 'rxjs';
import { ProviderError } from '../providers/contract/provider-error.js';
import type { StoppedBy } from './retry-plan.js';
import type { RouteTarget } from './route-target.js';
import type { TargetCall } from './targets/target-call.js';

/** One upstream call of a request, for the ledger. Times are `performance.now()`. */
export interface Attempt {
  readonly target: RouteTarget;
  readonly startedAt: number;
  endedAt?: number;
  error?: unknown;
  /** Why it was the last one, where another could have been made. */
  stoppedBy?: StoppedBy;
  /** It was one of two calls for the same answer: the one that gave it, or the other one. */
  hedge?: 'won' | 'lost';
}

/** A place at a target, for one attempt. */
export interface AttemptEntrance {
  /** Which of the targets it is. */
  readonly index: number;
  /** The attempt has ended. May be called twice. */
  leave(): void;
  /** There was none. */
  undo(): void;
}

export interface AttemptCallParts<T> {
  readonly target: RouteTarget;
  readonly entrance: AttemptEntrance;
  /** Cold. */
  readonly values: () => Observable<T>;
  readonly measure: ((target: RouteTarget) => TargetCall) | undefined;
  /** Told when the call is made. */
  readonly begun: (attempt: Attempt) => void;
}

/** Nobody waits for its answer any more. */
export const BROKEN_OFF = new ProviderError('aborted', 'The call was broken off.');

/** One call, written down and measured from its start to its end. */
export class AttemptCall<T> {
  readonly #parts: AttemptCallParts<T>;
  #attempt: Attempt | undefined;

  constructor(parts: AttemptCallParts<T>) {
    this.#parts = parts;
  }

  /** Undefined before anybody subscribed. */
  get attempt(): Attempt | undefined {
    return this.#attempt;
  }

  /** To be subscribed to once. */
  readonly values = new Observable<T>((subscriber) => {
    const { target, entrance, values, measure, begun } = this.#parts;
    const attempt: Attempt = { target, startedAt: performance.now() };
    this.#attempt = attempt;
    begun(attempt);
    const measured = measure?.(target);
    const end = (error?: unknown): void => {
      if (attempt.endedAt !== undefined) return;
      attempt.endedAt = performance.now();
      measured?.end(error);
      entrance.leave();
    };
    subscriber.add(() => end(BROKEN_OFF));
    let hasBegun = false;
    const inner = values().subscribe({
      next: (value) => {
        if (!hasBegun) measured?.first();
        hasBegun = true;
        subscriber.next(value);
      },
      complete: () => {
        end();
        subscriber.complete();
      },
      error: (error: unknown) => {
        attempt.error = error;
        end(error);
        subscriber.error(error);
      },
    });
    subscriber.add(inner);
  });
}
