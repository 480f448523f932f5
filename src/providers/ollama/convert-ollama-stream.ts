import { Observable } from 'rxjs';
import type { ChatChunk } from '../chat/chat.js';
import { ProviderError } from '../contract/provider-error.js';
import type { Target } from '../contract/target.js';
import type { ServerSentEvent } from '../upstream/upstream-call.js';
import { OllamaStreamReader } from './ollama-stream-reader.js';

/** How long the connection may take to end after the last line, to be used again. */
const END_AFTER_DONE_MS = 1000;

/**
 * A vendor's lines as chunks. Completes at the line that says `done`; everything else that ends the
 * stream is an error.
 */
export function convertOllamaStream(
  lines: Observable<ServerSentEvent>,
  target: Target,
  wantsUsage: boolean,
): Observable<ChatChunk> {
  return new Observable((subscriber) => {
    const reader = new OllamaStreamReader(target, wantsUsage);
    let grace: NodeJS.Timeout | undefined;

    const source = lines.subscribe({
      next: ({ data }) => {
        if (subscriber.closed) return;
        try {
          for (const chunk of reader.read(data)) subscriber.next(chunk);
        } catch (error) {
          subscriber.error(error);
        }
        if (reader.done) subscriber.complete();
      },
      error: (error: unknown) => {
        clearTimeout(grace);
        subscriber.error(error);
      },
      complete: () => {
        clearTimeout(grace);
        subscriber.error(
          new ProviderError('invalid_response', 'The stream ended before the answer was complete'),
        );
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
