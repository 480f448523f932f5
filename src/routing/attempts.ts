import { Observable, type Subscription } from 'rxjs';
import { ProviderError } from '../providers/contract/provider-error.js';
import type { RetrySettings } from '../config/provider-config.js';
import { type Attempt, AttemptCall, type AttemptEntrance, BROKEN_OFF } from './attempt-call.js';
import { race } from './hedging/race.js';
import type { RouteTarget } from './route-target.js';
import { retryDelay } from './retry-delay.js';
import type { TargetCall } from './targets/target-call.js';

export type { Attempt, AttemptEntrance } from './attempt-call.js';

/** How a second call is made beside one that is slow. */
export interface AttemptHedge {
  /** Milliseconds that a call of the target may be silent; undefined where it stays alone. */
  delayMs(target: RouteTarget): number | undefined;
  /**
   * A place for the second call, at one of the targets; undefined where there is none, or no money
   * for it. Never rejects.
   * @param at which of the targets is slow
   * @param signal aborted when nobody needs it any more
   */
  enter(
    at: number,
    targets: readonly RouteTarget[],
    signal: AbortSignal,
  ): Promise<{ readonly target: RouteTarget; readonly entrance: AttemptEntrance } | undefined>;
}

export interface AttemptOptions<T> {
  /** In the order in which they are to be tried; never empty. */
  readonly targets: readonly RouteTarget[];
  /**
   * Starts a call; cold, errors with `ProviderError`.
   * @param isHedged there may be two of them at a time, of which one is broken off
   */
  readonly call: (
    target: RouteTarget,
    entrance: AttemptEntrance,
    isHedged: boolean,
  ) => Observable<T>;
  /** Calls are alone when absent. */
  readonly hedge?: AttemptHedge | undefined;
  readonly retries: (target: RouteTarget) => RetrySettings;
  /** Told of each call, so that it is known how targets do. Nobody is when absent. */
  readonly measure?: (target: RouteTarget) => TargetCall;
  /**
   * A place at the first target from `index` on that has room; those without are passed over and
   * are no attempts. Throws or rejects when none has. Each one has room when absent.
   */
  readonly enter?: (
    index: number,
    targets: readonly RouteTarget[],
  ) => AttemptEntrance | Promise<AttemptEntrance>;
  /**
   * Who may take a request that the last target found fault with, in place of who is left of
   * `targets`; nobody when empty or absent. Not asked once a value was given.
   */
  readonly detour?: (error: ProviderError, made: readonly Attempt[]) => readonly RouteTarget[];
  /** Ends whatever is going on: a call, a stream, the wait before the next call. */
  readonly signal: AbortSignal;
  /**
   * Whether the same request may be sent once more, to whomever, after it failed like this; what
   * `retryable` says when absent.
   */
  readonly mayRepeat?: ((error: ProviderError) => boolean) | undefined;
  /** Whether anybody still waits for the answer; a call in flight may be read to its end, but none is made. */
  readonly isWanted: () => boolean;
}

/**
 * The one retry loop: tries a target as often as its instance allows, then the next one, until a
 * call gives its first value. From then on nothing is tried again, because the client has seen it.
 */
export class Attempts<T> {
  readonly made: Attempt[] = [];
  readonly #options: AttemptOptions<T>;

  constructor(options: AttemptOptions<T>) {
    this.#options = options;
  }

  /**
   * Cold; unsubscribing or aborting ends the call in flight or the wait before the next one.
   * Errors with what the last call failed with, or `aborted`.
   */
  values(): Observable<T> {
    return new Observable((subscriber) => {
      let started = false;
      let { targets } = this.#options;
      let inner: Subscription | undefined;
      let timer: NodeJS.Timeout | undefined;

      const tryNext = (index: number, tries: number, after?: unknown): void => {
        const begin = (entered: AttemptEntrance): void => {
          if (subscriber.closed || this.#options.signal.aborted) {
            entered.undo();
            return;
          }
          attemptAt(entered, entered.index === index ? tries : 1);
        };
        // Who was tried and failed says more than that the others have no room.
        const refuse = (error: unknown): void => subscriber.error(after ?? error);
        let entered: AttemptEntrance | Promise<AttemptEntrance>;
        try {
          entered = this.#options.enter?.(index, targets) ?? alwaysOpen(index);
        } catch (error) {
          refuse(error);
          return;
        }
        if (entered instanceof Promise) entered.then(begin, refuse);
        else begin(entered);
      };

      const attemptAt = (entrance: AttemptEntrance, tries: number): void => {
        const targetIndex = entrance.index;
        const target = targets[targetIndex] as RouteTarget;
        inner = this.#callsAt(targets, entrance).subscribe({
          next: (value) => {
            started = true;
            subscriber.next(value);
          },
          complete: () => subscriber.complete(),
          error: (error: unknown) => {
            const { mayRepeat } = this.#options;
            const detour = started ? [] : this.#detourAfter(error);
            if (detour.length > 0) {
              targets = detour;
              tryNext(0, 1, error);
              return;
            }
            const mayRetry =
              error instanceof ProviderError && error.retryable && mayRepeat?.(error) !== false;
            if (started || !mayRetry || !this.#options.isWanted()) {
              subscriber.error(error);
              return;
            }
            const retries = this.#options.retries(target);
            const delay =
              tries < retries.maxAttempts ? retryDelay(error, tries, retries) : undefined;
            if (delay !== undefined) {
              timer = setTimeout(() => {
                if (this.#options.isWanted()) tryNext(targetIndex, tries + 1, error);
                else subscriber.error(error);
              }, delay);
            } else if (targetIndex + 1 < targets.length) {
              tryNext(targetIndex + 1, 1, error);
            } else {
              subscriber.error(error);
            }
          },
        });
      };

      const { signal } = this.#options;
      const abort = (): void => {
        const error = new ProviderError('aborted', 'The caller went away.');
        // The call in flight hears the same signal, and first says what it knows of its usage.
        queueMicrotask(() => {
          for (const current of this.made) if (current.endedAt === undefined) current.error = error;
          subscriber.error(error);
        });
      };
      signal.addEventListener('abort', abort, { once: true });
      // Before the first call: a source that answers at once has ended before `subscribe` returns.
      subscriber.add(() => {
        signal.removeEventListener('abort', abort);
        clearTimeout(timer);
        inner?.unsubscribe();
      });
      if (signal.aborted) abort();
      else tryNext(0, 1);
    });
  }

  /** A call of one target, and where it is slow another one beside it. */
  #callsAt(targets: readonly RouteTarget[], entrance: AttemptEntrance): Observable<T> {
    const { index } = entrance;
    const target = targets[index] as RouteTarget;
    const { hedge } = this.#options;
    const delayMs = hedge?.delayMs(target);
    const first = this.#callAt(target, entrance, delayMs !== undefined);
    if (hedge === undefined || delayMs === undefined) return first.values;
    let other: AttemptCall<T> | undefined;
    return race(first.values, {
      delayMs,
      second: async (signal) => {
        const entered = await hedge.enter(index, targets, signal);
        if (entered === undefined) return undefined;
        other = this.#callAt(entered.target, entered.entrance, true);
        return { values: other.values, undo: () => entered.entrance.undo() };
      },
      decided: (winner) => {
        const [won, lost] = winner === 'first' ? [first, other] : [other, first];
        if (won?.attempt === undefined || lost?.attempt === undefined) return;
        won.attempt.hedge = 'won';
        lost.attempt.hedge = 'lost';
        lost.attempt.error ??= BROKEN_OFF;
        // The last one is the one that answers.
        this.made.splice(this.made.indexOf(won.attempt), 1);
        this.made.push(won.attempt);
      },
    });
  }

  #callAt(target: RouteTarget, entrance: AttemptEntrance, isHedged: boolean): AttemptCall<T> {
    const { call, measure } = this.#options;
    return new AttemptCall<T>({
      target,
      entrance,
      measure,
      values: () => call(target, entrance, isHedged),
      begun: (attempt) => this.made.push(attempt),
    });
  }

  /** Where else a request may go that was found fault with. */
  #detourAfter(error: unknown): readonly RouteTarget[] {
    const { detour, mayRepeat, isWanted } = this.#options;
    if (!(error instanceof ProviderError) || detour === undefined) return [];
    return isWanted() && mayRepeat?.(error) !== false ? detour(error, this.made) : [];
  }
}

function alwaysOpen(index: number): AttemptEntrance {
  return { index, leave: () => undefined, undo: () => undefined };
}
