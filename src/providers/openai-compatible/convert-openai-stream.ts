import type { Observable } from 'rxjs';
import type { ChatChunk } from '../chat/chat.js';
import { readStream } from '../upstream/read-stream.js';
import type { ServerSentEvent } from '../upstream/upstream-call.js';
import { OpenAiStreamReader, type StreamReading } from './openai-stream-reader.js';

/** A vendor's records as chunks: whole at `[DONE]`, or when every choice said why it stopped. */
export function convertOpenAiStream(
  events: Observable<ServerSentEvent>,
  reading: StreamReading,
): Observable<ChatChunk> {
  return readStream(events, () => new OpenAiStreamReader(reading));
}
