import type { Observable } from 'rxjs';
import type { ChatChunk } from '../chat/chat.js';
import type { ServerSentEvent } from '../upstream/upstream-call.js';
import { AnthropicStreamReader, type StreamReading } from './anthropic-stream-reader.js';
import { readAnthropicStream } from './read-anthropic-stream.js';

/** The vendor's records as chunks. */
export function convertAnthropicStream(
  events: Observable<ServerSentEvent>,
  reading: StreamReading,
): Observable<ChatChunk> {
  return readAnthropicStream(events, () => new AnthropicStreamReader(reading));
}
