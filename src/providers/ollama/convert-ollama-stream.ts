import type { Observable } from 'rxjs';
import type { ChatChunk } from '../chat/chat.js';
import type { Target } from '../contract/target.js';
import { readStream } from '../upstream/read-stream.js';
import type { ServerSentEvent } from '../upstream/upstream-call.js';
import { OllamaStreamReader } from './ollama-stream-reader.js';

/** A vendor's lines as chunks: whole at the line that says `done`. */
export function convertOllamaStream(
  lines: Observable<ServerSentEvent>,
  target: Target,
  wantsUsage: boolean,
): Observable<ChatChunk> {
  return readStream(lines, () => new OllamaStreamReader(target, wantsUsage));
}
