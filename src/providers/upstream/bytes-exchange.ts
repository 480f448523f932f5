import type { Subscriber } from 'rxjs';
import type { ProviderError } from '../contract/provider-error.js';
import type { Channel } from './channel.js';
import { Exchange } from './exchange.js';
import { mediaTypeOf, refuseHtml } from './media-type.js';
import type { UpstreamCall, UpstreamResponse } from './upstream-call.js';

/** A call whose answer is passed on as it arrives. */
export class BytesExchange extends Exchange {
  constructor(
    channel: Channel,
    call: UpstreamCall,
    private readonly subscriber: Subscriber<Buffer>,
    private readonly began?: (headers: UpstreamResponse['headers']) => void,
  ) {
    super(channel, call, 'bytes');
  }

  protected accept(): void {
    refuseHtml(mediaTypeOf(this.headers));
    this.began?.(this.headers);
  }

  protected receive(chunk: Buffer): void {
    this.answered();
    this.subscriber.next(chunk);
  }

  protected end(): void {
    if (this.complete()) this.subscriber.complete();
  }

  protected report(error: ProviderError): void {
    this.subscriber.error(error);
  }
}
