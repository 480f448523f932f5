import { Observable } from 'rxjs';
import { ProviderError } from '../contract/provider-error.js';
import type { ServerSentEvent } from '../upstream/upstream-call.js';

/** How long the connection may take to end after the answer, before it is cut off. */
const END_AFTER_ANSWER_MS = 1000;

/** Makes something of the records of one stream. */
export interface StreamReader<Step> {
  /** `message_stop` was seen. */
  readonly done: boolean;
  /** Throws a `ProviderError`. */
  read(event: ServerSentEvent): Step[];
  /** What is known of the usage when the stream broke off. */
  countsSoFar(): Step[];
}

/**
 * Completes at `message_stop`; everything else that ends the stream is an error. Counts that are
 * known by then are still emitted, ahead of the error.
 */
export function readAnthropicStream<Step>(
  events: Observable<ServerSentEvent>,
  createReader: () => StreamReader<Step>,
): Observable<Step> {
  return new Observable((subscriber) => {
    const reader = createReader();
    let grace: NodeJS.Timeout | undefined;
    let isTold = false;

    const fail = (error: unknown) => {
      // A call that told nothing may be made again, and then that one's counts are what counts.
      const isOver = isTold || !(error instanceof ProviderError && error.retryable);
      if (isOver) for (const step of reader.countsSoFar()) subscriber.next(step);
      subscriber.error(error);
    };

    const source = events.subscribe({
      next: (event) => {
        if (subscriber.closed) return;
        try {
          for (const step of reader.read(event)) {
            isTold = true;
            subscriber.next(step);
          }
          if (reader.done) subscriber.complete();
        } catch (error) {
          fail(error);
        }
      },
      error: (error: unknown) => {
        clearTimeout(grace);
        fail(error);
      },
      complete: () => {
        clearTimeout(grace);
        if (!subscriber.closed) fail(endedEarly());
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

function endedEarly(): ProviderError {
  return new ProviderError('invalid_response', 'The stream ended before the answer was complete');
}
