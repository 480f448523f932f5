import { Observable, type Subscription } from 'rxjs';
import { ProviderError } from '../providers/contract/provider-error.js';
import { type Attempt, AttemptCall, type AttemptEntrance, BROKEN_OFF } from './attempt-call.js';
import { race } from './hedging/race.js';
import { RetryPlan, type RetryPlanOptions } from './retry-plan.js';
import type { RouteTarget } from './route-target.js';
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

/** Where one call of a request is made. */
export interface CallPlace {
  readonly entrance: AttemptEntrance;
  /** Milliseconds that the call may take. */
  readonly remainingMs: number;
  /** There may be two calls at a time, of which one is broken off. */
  readonly isHedged: boolean;
}

export interface AttemptOptions<T> extends RetryPlanOptions {
  /** In the order in which they are to be tried; never empty. */
  readonly targets: readonly RouteTarget[];
  /** Starts a call; cold, errors with `ProviderError`. */
  readonly call: (target: RouteTarget, place: CallPlace) => Observable<T>;
  /** Calls are alone when absent. */
  readonly hedge?: AttemptHedge | undefined;
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
 * The one retry loop: calls one target after the other, as the plan of the request allows, until a
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
      const plan = new RetryPlan(this.#options);
      let started = false;
      let inner: Subscription | undefined;
      let timer: NodeJS.Timeout | undefined;

      const tryNext = (index: number, after?: unknown): void => {
        const begin = (entered: AttemptEntrance): void => {
          if (subscriber.closed || this.#options.signal.aborted) {
            entered.undo();
            return;
          }
          attemptAt(entered);
        };
        // Who was tried and failed says more than that the others have no room.
        const refuse = (error: unknown): void => subscriber.error(after ?? error);
        let entered: AttemptEntrance | Promise<AttemptEntrance>;
        try {
          entered = this.#options.enter?.(index, plan.targets) ?? alwaysOpen(index);
        } catch (error) {
          refuse(error);
          return;
        }
        if (entered instanceof Promise) entered.then(begin, refuse);
        else begin(entered);
      };

      const attemptAt = (entrance: AttemptEntrance): void => {
        plan.begin(entrance.index);
        inner = this.#callsAt(plan, entrance).subscribe({
          next: (value) => {
            if (!started) plan.answered();
            started = true;
            subscriber.next(value);
          },
          complete: () => subscriber.complete(),
          error: (error: unknown) => {
            if (started || !this.#mayRepeat(error)) subscriber.error(error);
            else repeat(error);
          },
        });
      };

      const repeat = (error: ProviderError): void => {
        const detour = this.#options.detour?.(error, this.made) ?? [];
        if (detour.length === 0 && !error.retryable) {
          subscriber.error(error);
          return;
        }
        const step = detour.length > 0 ? plan.redirect(detour) : plan.after(error);
        if (step === undefined) giveUp(error);
        else if (step.isOwed === true) {
          plan.payLater(step, (isPaid) => (isPaid ? goOn(step.index, error) : giveUp(error)));
        } else if (step.delayMs === undefined) tryNext(step.index, error);
        else timer = setTimeout(() => goOn(step.index, error), step.delayMs);
      };

      /** After a wait. */
      const goOn = (index: number, error: ProviderError): void => {
        if (this.#options.isWanted()) tryNext(index, error);
        else subscriber.error(error);
      };

      const giveUp = (error: ProviderError): void => {
        const last = this.made.at(-1);
        if (last !== undefined && plan.stoppedBy !== undefined) last.stoppedBy = plan.stoppedBy;
        subscriber.error(error);
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
        plan.close();
      });
      if (signal.aborted) abort();
      else tryNext(0);
    });
  }

  /** A call of one target, and where it is slow another one beside it. */
  #callsAt(plan: RetryPlan, entrance: AttemptEntrance): Observable<T> {
    const { targets } = plan;
    const { index } = entrance;
    const target = targets[index] as RouteTarget;
    const { hedge } = this.#options;
    const delayMs = hedge?.delayMs(target);
    const place = {
      entrance,
      remainingMs: plan.remainingMs(target),
      isHedged: delayMs !== undefined,
    };
    const first = this.#callAt(target, place);
    if (hedge === undefined || delayMs === undefined) return first.values;
    let other: AttemptCall<T> | undefined;
    return race(first.values, {
      delayMs,
      second: async (signal) => {
        const entered = await hedge.enter(index, targets, signal);
        if (entered === undefined) return undefined;
        const remainingMs = plan.remainingMs(entered.target);
        other = this.#callAt(entered.target, {
          entrance: entered.entrance,
          remainingMs,
          isHedged: true,
        });
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

  #callAt(target: RouteTarget, place: CallPlace): AttemptCall<T> {
    const { call, measure } = this.#options;
    return new AttemptCall<T>({
      target,
      entrance: place.entrance,
      measure,
      values: () => call(target, place),
      begun: (attempt) => this.made.push(attempt),
    });
  }

  /** Whether the same request may be sent once more, to whomever. */
  #mayRepeat(error: unknown): error is ProviderError {
    if (!(error instanceof ProviderError)) return false;
    return this.#options.mayRepeat?.(error) !== false && this.#options.isWanted();
  }
}

function alwaysOpen(index: number): AttemptEntrance {
  return { index, leave: () => undefined, undo: () => undefined };
}
