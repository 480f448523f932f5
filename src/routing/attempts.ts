import { Observable, type Subscription } from 'rxjs';
import { ProviderError } from '../providers/contract/provider-error.js';
import { RetryPlan, type RetryPlanOptions, type StoppedBy } from './retry-plan.js';
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

export interface AttemptOptions<T> extends RetryPlanOptions {
  /** In the order in which they are to be tried; never empty. */
  readonly targets: readonly RouteTarget[];
  /** Starts a call that may take so long; cold, errors with `ProviderError`. */
  readonly call: (target: RouteTarget, remainingMs: number) => Observable<T>;
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
      let entrance: AttemptEntrance | undefined;
      let measured: TargetCall | undefined;

      const tryNext = (index: number, after?: unknown): void => {
        const begin = (entered: AttemptEntrance): void => {
          if (subscriber.closed || this.#options.signal.aborted) {
            entered.undo();
            return;
          }
          entrance = entered;
          attemptAt(entered.index);
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

      const attemptAt = (index: number): void => {
        const target = plan.targets[index] as RouteTarget;
        const attempt: Attempt = { target, startedAt: performance.now() };
        this.made.push(attempt);
        plan.begin(index);
        measured = this.#options.measure?.(target);
        inner = this.#options.call(target, plan.remainingMs(target)).subscribe({
          next: (value) => {
            if (!started) {
              measured?.first();
              plan.answered();
            }
            started = true;
            subscriber.next(value);
          },
          complete: () => {
            attempt.endedAt = performance.now();
            measured?.end();
            entrance?.leave();
            subscriber.complete();
          },
          error: (error: unknown) => {
            attempt.endedAt = performance.now();
            attempt.error = error;
            measured?.end(error);
            entrance?.leave();
            if (started || !this.#mayRepeat(error)) subscriber.error(error);
            else repeat(attempt, error);
          },
        });
      };

      const repeat = (attempt: Attempt, error: ProviderError): void => {
        const detour = this.#options.detour?.(error, this.made) ?? [];
        if (detour.length === 0 && !error.retryable) {
          subscriber.error(error);
          return;
        }
        const step = detour.length > 0 ? plan.redirect(detour) : plan.after(error);
        if (step === undefined) {
          if (plan.stoppedBy !== undefined) attempt.stoppedBy = plan.stoppedBy;
          subscriber.error(error);
        } else if (step.delayMs === undefined) {
          tryNext(step.index, error);
        } else {
          timer = setTimeout(() => {
            if (this.#options.isWanted()) tryNext(step.index, error);
            else subscriber.error(error);
          }, step.delayMs);
        }
      };

      const { signal } = this.#options;
      const abort = (): void => {
        const error = new ProviderError('aborted', 'The caller went away.');
        // The call in flight hears the same signal, and first says what it knows of its usage.
        queueMicrotask(() => {
          const current = this.made.at(-1);
          if (current !== undefined && current.endedAt === undefined) current.error = error;
          subscriber.error(error);
        });
      };
      signal.addEventListener('abort', abort, { once: true });
      // Before the first call: a source that answers at once has ended before `subscribe` returns.
      subscriber.add(() => {
        signal.removeEventListener('abort', abort);
        clearTimeout(timer);
        inner?.unsubscribe();
        measured?.end(BROKEN_OFF);
        entrance?.leave();
        plan.close();
        const last = this.made.at(-1);
        if (last !== undefined) last.endedAt ??= performance.now();
      });
      if (signal.aborted) abort();
      else tryNext(0);
    });
  }

  /** Whether the same request may be sent once more, to whomever. */
  #mayRepeat(error: unknown): error is ProviderError {
    if (!(error instanceof ProviderError)) return false;
    return this.#options.mayRepeat?.(error) !== false && this.#options.isWanted();
  }
}

/** For figures only: why does not matter to them. */
const BROKEN_OFF = new ProviderError('aborted', 'The call was broken off.');

function alwaysOpen(index: number): AttemptEntrance {
  return { index, leave: () => undefined, undo: () => undefined };
}
