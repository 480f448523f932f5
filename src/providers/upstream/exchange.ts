import type { Dispatcher } from 'undici';
import type { Pausable } from '../contract/flow.js';
import { ProviderError } from '../contract/provider-error.js';
import type { Breaker, Ticket } from './breaker.js';
import type { Channel } from './channel.js';
import { convertTransportError, type Progress } from './convert-transport-error.js';
import { Deadline, type DeadlineListener } from './deadline.js';
import { contentEncodingOf, StreamDecoder, type StreamDecoderListener } from './decompress.js';
import { parseRefusal, RefusalBody } from './refusal-body.js';
import { readVendorQuotas } from './read-vendor-quotas.js';
import type { Expectation } from './request-headers.js';
import type { UpstreamCall, UpstreamResponse } from './upstream-call.js';

type Controller = Dispatcher.DispatchController;
type Headers = UpstreamResponse['headers'];

/**
 * One call from its start to its single outcome: what all kinds of answer have in common. It is
 * undici's handler, the flow's source and the signal's listener itself, so that a call costs few
 * objects. The subclasses say what becomes of a 2xx answer's body.
 */
export abstract class Exchange
  implements Dispatcher.DispatchHandler, Pausable, DeadlineListener, StreamDecoderListener
{
  protected headers: Headers = {};
  protected status = 0;
  /** Bodies that are read whole are decompressed whole, by the subclass. */
  protected readonly streams: boolean = true;
  #controller: Controller | undefined;
  #deadline: Deadline | undefined;
  #ticket: Ticket = 0;
  readonly #breaker: Breaker;
  #keyIndex = 0;
  #entered = false;
  #finished = false;
  #outcome: 'not admitted' | 'none' | 'answered' | 'failed' = 'not admitted';
  #answerBegan = false;
  #refusal: RefusalBody | undefined;
  #decoder: StreamDecoder | undefined;
  #flowPaused = false;
  #decoderFull = false;

  constructor(
    protected readonly channel: Channel,
    protected readonly call: UpstreamCall,
    private readonly expectation: Expectation,
  ) {
    this.#breaker = channel.breakers.for(call.target.model);
  }

  /** A 2xx began. Throws a `ProviderError` when it is not what was asked for. */
  protected abstract accept(): void;
  protected abstract receive(chunk: Buffer): void;
  /** The body ended cleanly; ends in `complete` or `fail`. */
  protected abstract end(): void;
  /** The call failed; reported once and last. */
  protected abstract report(error: ProviderError): void;

  start(): void {
    const { target } = this.call;
    if (target.signal.aborted) return this.fail(abortedError(target.signal.reason));
    try {
      this.channel.enter();
      this.#entered = true;
      this.#keyIndex = this.channel.keys.take(target.model);
      target.signal.addEventListener('abort', this);
      const admitted = this.#breaker.admit();
      if (typeof admitted === 'number') this.#begin(admitted);
      else admitted.then(this.#begin, (error: unknown) => this.fail(error as ProviderError));
    } catch (error) {
      this.fail(error as ProviderError);
    }
  }

  readonly #begin = (ticket: Ticket): void => {
    // Aborted while it waited.
    if (this.#finished) return this.#breaker.fail(ticket, abortedError());
    this.#ticket = ticket;
    this.#outcome = 'none';
    const { target, method, path, body } = this.call;
    this.#deadline = new Deadline(this.channel.instance.timeouts, target.totalMs, this);
    if (this.streams) target.flow.attach(this);
    if (typeof body === 'string') target.sent?.(body);
    const headers = this.channel.headers.for(this.call, this.expectation, this.#keyIndex);
    this.channel.dispatch({ method, path, headers, body }, this);
  };

  /** Nobody listens any more. */
  cancel(): void {
    if (this.#finished) return;
    const reason = abortedError();
    this.#settle(reason);
    this.#controller?.abort(reason);
  }

  /** Event listener of the target's signal. */
  handleEvent(): void {
    this.fail(abortedError(this.call.target.signal.reason));
  }

  /** A time limit passed. */
  expired(message: string): void {
    this.#breakOff(new ProviderError('timeout', message));
  }

  pause(): void {
    if (this.#finished) return;
    this.#flowPaused = true;
    this.#deadline?.paused();
    this.#decoder?.pause();
    this.#controller?.pause();
  }

  resume(): void {
    // A finished call's controller may by now steer the connection of another call.
    if (this.#finished) return;
    this.#flowPaused = false;
    this.#deadline?.resumed();
    this.#decoder?.resume();
    if (!this.#decoderFull) this.#controller?.resume();
  }

  onRequestStart(controller: Controller): void {
    // Aborted while it waited for a connection; throwing spares the connection.
    if (this.#finished) throw abortedError();
    this.#controller = controller;
    if (this.#flowPaused) controller.pause();
  }

  onRequestSent(): void {
    this.#deadline?.sent();
  }

  onResponseStart(_controller: Controller, status: number, headers: Headers): void {
    if (this.#finished || status < 200) return;
    this.status = status;
    this.headers = headers;
    if (status >= 300) {
      this.#refusal = new RefusalBody();
      return;
    }
    this.#tellRates();
    try {
      const encoding = this.streams ? contentEncodingOf(headers) : undefined;
      if (encoding) this.#decoder = new StreamDecoder(encoding, this);
      if (this.#flowPaused) this.#decoder?.pause();
      this.accept();
    } catch (error) {
      this.fail(error as ProviderError);
    }
  }

  onResponseData(controller: Controller, chunk: Buffer): void {
    if (this.#finished) return;
    this.#answerBegan = true;
    this.#deadline?.received();
    if (this.#refusal) {
      if (!this.#refusal.add(chunk)) this.#refuse(this.#refusal);
    } else if (!this.#decoder) {
      this.receive(chunk);
    } else if (!this.#decoder.write(chunk)) {
      this.#decoderFull = true;
      controller.pause();
    }
  }

  onResponseEnd(): void {
    // From here the controller steers the next call on this connection.
    this.#controller = undefined;
    if (this.#finished) return;
    if (this.#refusal) this.#refuse(this.#refusal);
    else if (this.#decoder) this.#decoder.end();
    else this.end();
  }

  onResponseError(_controller: Controller, error: Error): void {
    if (!this.#finished) this.#breakOff(convertTransportError(error, this.#progress));
  }

  decoded(chunk: Buffer): void {
    if (!this.#finished) this.receive(chunk);
  }

  drained(): void {
    this.#decoderFull = false;
    if (!this.#finished && !this.#flowPaused) this.#controller?.resume();
  }

  finished(): void {
    if (!this.#finished) this.end();
  }

  failed(error: ProviderError): void {
    this.fail(error);
  }

  get #progress(): Progress {
    if (this.#answerBegan) return 'answered';
    return this.#controller === undefined ? 'connecting' : 'sent';
  }

  /** The upstream has shown that it works: the first event, or the whole body. */
  protected answered(): void {
    if (this.#outcome !== 'none') return;
    this.#outcome = 'answered';
    this.#ticket = this.#breaker.succeed(this.#ticket);
  }

  /** Counts the call as failed without ending it: the reader of the stream decides what to do. */
  protected countFailure(error: ProviderError): void {
    if (this.#outcome === 'not admitted') return;
    this.channel.keys.failed(this.#keyIndex, this.call.target.model, error);
    if (this.#outcome === 'none') this.#breaker.fail(this.#ticket, error);
    if (this.#outcome === 'answered') this.#breaker.failLate(this.#ticket, error);
    this.#outcome = 'failed';
  }

  /** The answer was whole. False when the call had already ended otherwise. */
  protected complete(): boolean {
    if (this.#finished) return false;
    this.answered();
    this.#settle();
    return true;
  }

  protected fail(error: ProviderError): void {
    if (this.#finished) return;
    this.#settle(error);
    this.#controller?.abort(error);
    this.report(error);
  }

  /** A status has said what there is to know, even when its explanation was cut off. */
  #breakOff(error: ProviderError): void {
    if (this.#refusal) this.#refuse(this.#refusal);
    else this.fail(error);
  }

  #refuse(refusal: RefusalBody): void {
    if (this.#finished) return;
    const error = parseRefusal(this.status, this.headers, refusal, this.channel.instance);
    this.#tellRates(error);
    this.fail(error);
  }

  #tellRates(refusal?: ProviderError): void {
    const { heard } = this.call.target;
    if (heard === undefined) return;
    const quotas = readVendorQuotas(this.headers, Date.now());
    const isRefusal = refusal?.kind === 'rate_limited';
    if (!isRefusal && quotas.length === 0) return;
    heard({
      isRefusal,
      retryAfterMs: isRefusal ? refusal.retryAfterMs : undefined,
      quotas,
      keyIndex: this.#keyIndex,
      keyCount: this.channel.keys.count,
    });
  }

  #settle(error?: ProviderError): void {
    this.#finished = true;
    if (error) this.countFailure(error);
    this.#deadline?.clear();
    this.#decoder?.destroy();
    if (!this.#entered) return;
    this.call.target.signal.removeEventListener('abort', this);
    this.channel.leave();
  }
}

function abortedError(cause?: unknown): ProviderError {
  return new ProviderError('aborted', 'The call was aborted', { cause });
}
