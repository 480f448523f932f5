import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Observable, throwError } from 'rxjs';
import type { ProviderInstance } from '../contract/provider-instance.js';
import type { ServerSentEvent, UpstreamCall, UpstreamResponse } from './upstream-call.js';

export type BreakerState = 'closed' | 'half-open' | 'open';

/**
 * The only way out to vendors. Keeps one connection pool and one breaker per instance, puts the
 * instance's key on each call, holds it to its time-outs and turns every failure into a
 * `ProviderError`. Never retries.
 */
@Injectable()
export class Upstream implements OnApplicationShutdown {
  /** One answer, read whole. Rejects with `ProviderError`. */
  async json(call: UpstreamCall): Promise<UpstreamResponse> {
    throw new Error(`not connected: ${call.path}`);
  }

  /**
   * The records of a stream. Cold: nothing is sent before the subscription, and unsubscribing
   * closes the connection. Completes when the body ended cleanly; what `[DONE]` means is the
   * provider's business. Errors with `ProviderError`.
   */
  events(call: UpstreamCall): Observable<ServerSentEvent> {
    return throwError(() => new Error(`not connected: ${call.path}`));
  }

  /** The body as it arrives, decompressed. Cold, as `events`. Errors with `ProviderError`. */
  bytes(call: UpstreamCall): Observable<Buffer> {
    return throwError(() => new Error(`not connected: ${call.path}`));
  }

  /** Waits for the calls in flight, then closes the instance's pool and breaker. */
  async close(_instance: ProviderInstance): Promise<void> {}

  /** `closed` for an instance that was never called or has no breaker. */
  breakerState(_instance: ProviderInstance): BreakerState {
    return 'closed';
  }

  async onApplicationShutdown(): Promise<void> {}
}
