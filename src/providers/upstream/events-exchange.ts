import type { Subscriber } from 'rxjs';
import { ProviderError } from '../contract/provider-error.js';
import type { Channel } from './channel.js';
import { Exchange } from './exchange.js';
import { isJson, mediaTypeOf, refuseHtml } from './media-type.js';
import { createNdjsonReader } from './ndjson.js';
import { parseInBandError } from './parse-upstream-error.js';
import type { RecordReader } from './record-reader.js';
import { RefusalBody } from './refusal-body.js';
import { createServerSentEventsReader } from './server-sent-events.js';
import type { ServerSentEvent, UpstreamCall } from './upstream-call.js';

/** A call whose answer is a stream of records. */
export class EventsExchange extends Exchange {
  #reader: RecordReader | undefined;
  /** One JSON document where a stream was asked for. */
  readonly #document = new RefusalBody();
  #anyRecord = false;

  constructor(
    channel: Channel,
    call: UpstreamCall,
    private readonly subscriber: Subscriber<ServerSentEvent>,
  ) {
    super(channel, call, call.framing ?? 'sse');
  }

  protected accept(): void {
    const mediaType = mediaTypeOf(this.headers);
    refuseHtml(mediaType);
    if (this.call.framing === 'ndjson') this.#reader = createNdjsonReader(this.#deliver);
    else if (!isJson(mediaType)) this.#reader = createServerSentEventsReader(this.#deliver);
  }

  protected receive(chunk: Buffer): void {
    if (!this.#reader) {
      if (!this.#document.add(chunk)) this.#failWithDocument();
    } else if (!this.#reader.push(chunk)) {
      this.fail(
        new ProviderError('invalid_response', 'The upstream sent a record that is too large'),
      );
    }
  }

  protected end(): void {
    if (!this.#reader) return this.#failWithDocument();
    this.#reader.end();
    if (!this.#anyRecord) {
      this.fail(new ProviderError('invalid_response', 'The upstream ended its stream empty'));
    } else if (this.complete()) {
      this.subscriber.complete();
    }
  }

  protected report(error: ProviderError): void {
    this.subscriber.error(error);
  }

  readonly #deliver = (record: ServerSentEvent): void => {
    if (looksLikeError(record)) this.#countInBandError(record);
    else if (!this.#anyRecord) this.answered();
    this.#anyRecord = true;
    this.subscriber.next(record);
  };

  /** What the client is told is the provider's business; the breaker's ours. */
  #countInBandError(record: ServerSentEvent): void {
    const error = parseInBandError(parseJson(record.data), this.channel.instance);
    if (error) this.countFailure(error);
  }

  #failWithDocument(): void {
    const { instance } = this.channel;
    const body = parseJson(this.#document.bytes.toString());
    this.fail(
      parseInBandError(body, instance, this.headers) ??
        new ProviderError('invalid_response', 'The upstream answered with a document, no stream'),
    );
  }
}

/** A guess that costs nothing per record; `parseInBandError` makes sure. */
function looksLikeError(record: ServerSentEvent): boolean {
  return record.event === 'error' || record.data.startsWith('{"error"');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
