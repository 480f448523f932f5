import { Observable } from 'rxjs';
import type { NativeChunk } from '../../contract/native.js';
import type { ProviderInstance } from '../../contract/provider-instance.js';
import type { ServerSentEvent } from '../../upstream/upstream-call.js';
import { ResponsesStreamReader } from './responses-stream-reader.js';

/** How long the connection may take to end after the last event, to be used again. */
const END_AFTER_LAST_MS = 1000;

/**
 * A vendor's events, the usage last. Completes at the event that ends the response; a failure that
 * the vendor tells in the stream is an error. What was used until then is emitted ahead of it.
 */
export function convertResponsesStream(
  events: Observable<ServerSentEvent>,
  instance: ProviderInstance,
): Observable<NativeChunk> {
  return new Observable((subscriber) => {
    const reader = new ResponsesStreamReader(instance);
    let grace: NodeJS.Timeout | undefined;

    const tellUsage = () => {
      if (reader.usage) subscriber.next(reader.usage);
    };
    const fail = (error: unknown) => {
      tellUsage();
      subscriber.error(error);
    };
    const attempt = (step: () => void) => {
      try {
        step();
      } catch (error) {
        fail(error);
      }
    };
    const source = events.subscribe({
      next: (event) => {
        if (subscriber.closed) return;
        attempt(() => {
          for (const record of reader.read(event)) subscriber.next(record);
          if (!reader.done) return;
          tellUsage();
          subscriber.complete();
        });
      },
      error: (error: unknown) => {
        clearTimeout(grace);
        fail(error);
      },
      complete: () => {
        clearTimeout(grace);
        if (!subscriber.closed) attempt(() => reader.end());
      },
    });

    return () => {
      if (!reader.done) source.unsubscribe();
      if (source.closed) return;
      grace = setTimeout(() => source.unsubscribe(), END_AFTER_LAST_MS);
      grace.unref();
    };
  });
}
