import { Observable } from 'rxjs';
import type { ChatChunk } from '../chat/chat.js';
import type { ServerSentEvent } from '../upstream/upstream-call.js';
import { OpenAiStreamReader, type StreamReading } from './openai-stream-reader.js';

/**
 * How long the connection may take to end after `[DONE]`. A vendor that ends it gets it back into
 * the pool; one that keeps it open is cut off.
 */
const END_AFTER_DONE_MS = 1000;

/**
 * A vendor's records as chunks. Completes at `[DONE]`, or where the body ends after every choice
 * said why it stopped; everything else that ends the stream is an error. Counts that the vendor
 * told before it failed are still emitted, ahead of the error.
 */
export function convertOpenAiStream(
  events: Observable<ServerSentEvent>,
  reading: StreamReading,
): Observable<ChatChunk> {
  return new Observable((subscriber) => {
    const reader = new OpenAiStreamReader(reading);
    let grace: NodeJS.Timeout | undefined;

    const fail = (error: unknown) => {
      const usage = reader.usage;
      if (usage) subscriber.next(usage);
      subscriber.error(error);
    };
    const complete = () => {
      for (const chunk of reader.end()) subscriber.next(chunk);
      subscriber.complete();
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
          const chunk = reader.read(event);
          if (chunk) subscriber.next(chunk);
          if (reader.done) complete();
        });
      },
      error: (error: unknown) => {
        clearTimeout(grace);
        fail(error);
      },
      complete: () => {
        clearTimeout(grace);
        if (!subscriber.closed) attempt(complete);
      },
    });

    return () => {
      if (!reader.done) source.unsubscribe();
      if (source.closed) return;
      grace = setTimeout(() => source.unsubscribe(), END_AFTER_DONE_MS);
      grace.unref();
    };
  });
}
