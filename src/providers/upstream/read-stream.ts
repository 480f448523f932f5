import { Observable } from 'rxjs';
import { ProviderError } from '../contract/provider-error.js';
import type { ServerSentEvent } from './upstream-call.js';

/**
 * How long the connection may take to end after the answer's last record. A vendor that ends it
 * gets it back into the pool; one that keeps it open is cut off.
 */
const END_AFTER_ANSWER_MS = 1000;

/** Reads the records of one stream, for a vendor. */
export interface StreamReader<T> {
  /** The record that ends an answer was read. */
  readonly done: boolean;
  /** What a record stands for. Throws a `ProviderError`. */
  read(record: ServerSentEvent): T | readonly T[] | undefined;
  /** What is left when the stream is over. Throws a `ProviderError` unless the answer was whole. */
  end(): readonly T[];
  /** What the vendor counted before it failed. */
  countsSoFar?(): readonly T[];
  /**
   * Those counts are told only once something else was. A call that told nothing may be made
   * again, and then that one's counts are what counts; any value keeps it from being made again.
   */
  readonly countsOnlyBegun?: boolean;
}

/**
 * A vendor's records, read by a reader of their own. Completes as soon as the reader is done, or
 * where the body ends after a whole answer; everything else that ends the stream is an error, and
 * what was counted until then is told ahead of it.
 */
export function readStream<T>(
  records: Observable<ServerSentEvent>,
  createReader: () => StreamReader<T>,
): Observable<T> {
  return new Observable((subscriber) => {
    const reader = createReader();
    let grace: NodeJS.Timeout | undefined;

    let isTold = false;

    const tell = (value: T) => {
      isTold = true;
      subscriber.next(value);
    };
    const fail = (error: unknown) => {
      const mayGoOn = reader.countsOnlyBegun === true && !isTold && isRetryable(error);
      if (!mayGoOn) reader.countsSoFar?.().forEach(tell);
      subscriber.error(error);
    };
    const complete = () => {
      reader.end().forEach(tell);
      subscriber.complete();
    };
    const attempt = (step: () => void) => {
      if (subscriber.closed) return;
      try {
        step();
      } catch (error) {
        fail(error);
      }
    };

    const source = records.subscribe({
      next: (record) =>
        attempt(() => {
          const values = reader.read(record);
          if (Array.isArray(values)) (values as readonly T[]).forEach(tell);
          else if (values !== undefined) tell(values as T);
          if (reader.done) complete();
        }),
      error: (error: unknown) => {
        clearTimeout(grace);
        fail(error);
      },
      complete: () => {
        clearTimeout(grace);
        attempt(complete);
      },
    });

    return () => {
      if (!reader.done) source.unsubscribe();
      if (source.closed) return;
      grace = setTimeout(() => source.unsubscribe(), END_AFTER_ANSWER_MS);
      grace.unref();
    };
  });
}

function isRetryable(error: unknown): boolean {
  return error instanceof ProviderError && error.retryable;
}

export function endedEarly(): ProviderError {
  return new ProviderError('invalid_response', 'The stream ended before the answer was complete');
}
