import { Observable } from 'rxjs';
import type { ChatChunk } from '../chat/chat.js';
import { ProviderError } from '../contract/provider-error.js';
import type { ServerSentEvent } from '../upstream/upstream-call.js';
import { AnthropicStreamReader, type StreamReading } from './anthropic-stream-reader.js';

/** How long the connection may take to end after the answer, before it is cut off. */
const END_AFTER_ANSWER_MS = 1000;

/**
 * The vendor's records as chunks. Completes at `message_stop`; everything else that ends the stream
 * is an error. Counts that are known by then are still emitted, ahead of the error.
 */
export function convertAnthropicStream(
  events: Observable<ServerSentEvent>,
  reading: StreamReading,
): Observable<ChatChunk> {
  return new Observable((subscriber) => {
    const reader = new AnthropicStreamReader(reading);
    let grace: NodeJS.Timeout | undefined;

    const fail = (error: unknown) => {
      for (const chunk of reader.countsSoFar()) subscriber.next(chunk);
      subscriber.error(error);
    };

    const source = events.subscribe({
      next: (event) => {
        if (subscriber.closed) return;
        try {
          for (const chunk of reader.read(event)) subscriber.next(chunk);
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
