import { Observable } from 'rxjs';
import type { ChatChunk } from '../chat/chat.js';
import type { Target } from '../contract/target.js';
import type { ServerSentEvent } from '../upstream/upstream-call.js';
import { GeminiStreamReader } from './gemini-stream-reader.js';

/**
 * How the vendor's stream becomes ours. It has no end marker: it is whole when every candidate
 * said why it stopped. Counts that the vendor told before it failed are still emitted, ahead of
 * the error.
 */
export function convertGeminiStream(
  events: Observable<ServerSentEvent>,
  target: Target,
  wantsUsage: boolean,
): Observable<ChatChunk> {
  return new Observable((subscriber) => {
    const reader = new GeminiStreamReader(target, wantsUsage);
    const fail = (error: unknown) => {
      const usage = reader.usage;
      if (usage) subscriber.next({ kind: 'usage', usage });
      subscriber.error(error);
    };
    const emit = (step: () => readonly ChatChunk[]) => {
      try {
        for (const chunk of step()) subscriber.next(chunk);
        return true;
      } catch (error) {
        fail(error);
        return false;
      }
    };
    return events.subscribe({
      next: (event) => {
        if (!subscriber.closed) emit(() => reader.read(event));
      },
      error: fail,
      complete: () => {
        if (!subscriber.closed && emit(() => reader.end())) subscriber.complete();
      },
    });
  });
}
