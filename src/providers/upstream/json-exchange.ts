import { ProviderError } from '../contract/provider-error.js';
import type { Channel } from './channel.js';
import { contentEncodingOf, decompress } from './decompress.js';
import { Exchange } from './exchange.js';
import { mediaTypeOf, refuseHtml } from './media-type.js';
import type { UpstreamCall, UpstreamResponse } from './upstream-call.js';

/** Bytes of a body that is held whole; generated images in base64 come to tens of megabytes. */
const MAX_BODY = 128 * 1024 * 1024;

/** A call whose answer is read whole. */
export class JsonExchange extends Exchange {
  protected override readonly streams = false;
  readonly #chunks: Buffer[] = [];
  #length = 0;

  constructor(
    channel: Channel,
    call: UpstreamCall,
    private readonly resolve: (response: UpstreamResponse) => void,
    private readonly reject: (error: ProviderError) => void,
  ) {
    super(channel, call, 'json');
  }

  protected accept(): void {
    refuseHtml(mediaTypeOf(this.headers));
    contentEncodingOf(this.headers);
  }

  protected receive(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#length += chunk.length;
    if (this.#length > MAX_BODY) {
      this.fail(
        new ProviderError('invalid_response', 'The upstream sent an answer that is too large'),
      );
    }
  }

  protected end(): void {
    const body = this.#chunks.length === 1 ? (this.#chunks[0] as Buffer) : this.#concat();
    const encoding = contentEncodingOf(this.headers);
    if (!encoding || body.length === 0) return this.#deliver(body);
    decompress(body, encoding, MAX_BODY).then(
      (plain) => this.#deliver(plain),
      (error: unknown) => this.fail(error as ProviderError),
    );
  }

  protected report(error: ProviderError): void {
    this.reject(error);
  }

  #concat(): Buffer {
    return Buffer.concat(this.#chunks, this.#length);
  }

  #deliver(body: Buffer): void {
    const { status, headers } = this;
    if (this.complete()) this.resolve({ status, headers, text: body.toString() });
  }
}
