import { Observable, type Subscription } from 'rxjs';
import { ProviderError } from '../../providers/contract/provider-error.js';

/** A second call that can be made. */
export interface SecondCall<T> {
  readonly values: Observable<T>;
  /** It is not made after all. */
  undo(): void;
}

export interface RaceOptions<T> {
  /** How long the first call may be silent. */
  readonly delayMs: number;
  /** Undefined, at once or later, where there is to be none. Never rejects. */
  readonly second: (signal: AbortSignal) => Promise<SecondCall<T> | undefined>;
  /** One of the calls gave its first value; the other one is broken off. */
  readonly decided: (winner: 'first' | 'second') => void;
}

/**
 * A call, and a second one beside it when it has been silent for a while. The first value decides:
 * its call goes on, the other one is unsubscribed from before the value is passed on. A call that
 * fails leaves the other one alone, and only when both have failed does the first one's error say so;
 * what says that the request itself is at fault is final.
 */
export function race<T>(first: Observable<T>, options: RaceOptions<T>): Observable<T> {
  return new Observable<T>((subscriber) => {
    const calls: { first?: Subscription; second?: Subscription } = {};
    const asking = new AbortController();
    const failed: { first?: unknown; second?: unknown } = {};
    let winner: 'first' | 'second' | undefined;
    let isSecondOut = false;

    const decide = (which: 'first' | 'second'): void => {
      winner = which;
      stopWaiting();
      if (!isSecondOut) return;
      calls[which === 'first' ? 'second' : 'first']?.unsubscribe();
      options.decided(which);
    };
    const fail = (which: 'first' | 'second', error: unknown): void => {
      failed[which] = error;
      const isFinal = error instanceof ProviderError && !error.retryable;
      const other = which === 'first' ? 'second' : 'first';
      if (winner === undefined && !isFinal && isSecondOut && !(other in failed)) return;
      subscriber.error(winner === undefined && 'first' in failed ? failed.first : error);
    };
    const listen = (which: 'first' | 'second') => ({
      next: (value: T) => {
        if (winner === undefined) decide(which);
        subscriber.next(value);
      },
      complete: () => {
        if (winner === undefined) decide(which);
        subscriber.complete();
      },
      error: (error: unknown) => fail(which, error),
    });
    const callSecond = async (): Promise<void> => {
      const second = await options.second(asking.signal);
      if (second === undefined) return;
      if (subscriber.closed || winner !== undefined) {
        second.undo();
        return;
      }
      isSecondOut = true;
      calls.second = second.values.subscribe(listen('second'));
    };
    const timer = setTimeout(() => void callSecond(), options.delayMs);
    const stopWaiting = (): void => {
      clearTimeout(timer);
      asking.abort();
    };

    subscriber.add(() => {
      stopWaiting();
      calls.first?.unsubscribe();
      calls.second?.unsubscribe();
    });
    calls.first = first.subscribe(listen('first'));
  });
}
