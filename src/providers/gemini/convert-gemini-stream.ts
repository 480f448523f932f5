import type { Observable } from 'rxjs';
import type { ChatChunk } from '../chat/chat.js';
import type { Target } from '../contract/target.js';
import { readStream } from '../upstream/read-stream.js';
import type { ServerSentEvent } from '../upstream/upstream-call.js';
import { GeminiStreamReader } from './gemini-stream-reader.js';

/** How the vendor's stream becomes ours: whole when every candidate said why it stopped. */
export function convertGeminiStream(
  events: Observable<ServerSentEvent>,
  target: Target,
  wantsUsage: boolean,
): Observable<ChatChunk> {
  return readStream(events, () => new GeminiStreamReader(target, wantsUsage));
}
