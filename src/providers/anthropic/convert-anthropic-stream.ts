import type { Observable } from 'rxjs';
import type { ChatChunk } from '../chat/chat.js';
import { readStream } from '../upstream/read-stream.js';
import type { ServerSentEvent } from '../upstream/upstream-call.js';
import { AnthropicStreamReader, type StreamReading } from './anthropic-stream-reader.js';

/** The vendor's records as chunks: whole at `message_stop`. */
export function convertAnthropicStream(
  events: Observable<ServerSentEvent>,
  reading: StreamReading,
): Observable<ChatChunk> {
  return readStream(events, () => new AnthropicStreamReader(reading));
}
