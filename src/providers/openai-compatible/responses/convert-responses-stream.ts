import type { Observable } from 'rxjs';
import type { NativeChunk } from '../../contract/native.js';
import type { ProviderInstance } from '../../contract/provider-instance.js';
import { readStream } from '../../upstream/read-stream.js';
import type { ServerSentEvent } from '../../upstream/upstream-call.js';
import type { ResponsesRepair } from './repair-response.js';
import { ResponsesStreamReader } from './responses-stream-reader.js';

/** A vendor's events, the usage last: whole at the event that ends the response. */
export function convertResponsesStream(
  events: Observable<ServerSentEvent>,
  instance: ProviderInstance,
  repair?: ResponsesRepair,
): Observable<NativeChunk> {
  return readStream(events, () => new ResponsesStreamReader(instance, repair));
}
