import type { StreamedBody } from '../contract/relay.js';
import type { Target } from '../contract/target.js';

/** One HTTP request to a vendor. The key, the time-outs and the breaker are the instance's. */
export interface UpstreamCall {
  readonly target: Target;
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Appended to the instance's base URL; starts with `/`. */
  readonly path: string;
  /** JSON text, or what is read while it is sent. */
  readonly body?: string | StreamedBody;
  readonly headers?: Readonly<Record<string, string>>;
  /** How the vendor frames its stream; `events` only. */
  readonly framing?: 'sse' | 'ndjson';
}

/** A 2xx answer read whole. Everything else is a `ProviderError`. */
export interface UpstreamResponse {
  readonly status: number;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** UTF-8 text of the body, decompressed. */
  readonly text: string;
}

/** One record of a stream: an SSE event, or an NDJSON line as `data`. */
export interface ServerSentEvent {
  /** The `event:` field, when there was one. */
  readonly event?: string;
  readonly data: string;
}
