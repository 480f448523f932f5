import type { Request, Response } from 'express';
import type { Principal } from '../auth/principal.js';
import { ApiError } from '../common/errors/api-error.js';
import type { InFlightView, InFlightWork } from '../common/in-flight.js';
import { Flow } from '../providers/contract/flow.js';
import { TranslationReport } from '../providers/contract/translation.js';
import type { RouteDecision } from '../routing/route-decision.js';
import type { RouteTarget } from '../routing/route-target.js';
import type { BodyRecord } from '../usage/bodies/body-record.js';

const TIMEOUT_HEADER = 'x-llm-proxy-timeout-ms';
const TRANSLATION_HEADER = 'x-llm-proxy-translation';

/** What a request is for, as it says itself. */
export interface AskedFor {
  readonly dialect: string;
  readonly model: string;
  readonly stream: boolean;
}

/** One request being answered: who asked, through which socket, and why it may have to end early. */
export class Exchange implements InFlightWork {
  readonly flow = new Flow();
  readonly principal: Principal;
  readonly #abort = new AbortController();
  readonly #timeoutMs: number | undefined;
  readonly #strict: boolean;
  #translation: TranslationReport | undefined;
  #left = false;
  #endedBecause: ApiError | undefined;
  #drainTimer: NodeJS.Timeout | undefined;
  /** The target whose disconnect policy holds. */
  target: RouteTarget | undefined;
  /** Of the request, where bodies are kept. */
  body: string | undefined;
  /** What is kept of what is said; undefined where nothing is, and before the request is in the ledger. */
  bodies: BodyRecord | undefined;
  /** Why it goes where it goes; undefined before that is decided. */
  decision: RouteDecision | undefined;
  /** Milliseconds to the first chunk of its answer; null before there is one. */
  firstChunkMs: number | null = null;

  constructor(
    readonly request: Request,
    readonly response: Response,
    private readonly endReason: () => ApiError,
    private readonly asked: AskedFor,
  ) {
    this.principal = request.principal as Principal;
    this.#timeoutMs = parseTimeoutMs(request.get(TIMEOUT_HEADER));
    this.#strict = parseStrictness(request.get(TRANSLATION_HEADER));
    // A broken socket is noticed by `close`; without a listener it would end the process.
    response.on('error', () => undefined);
    response.once('close', () => {
      if (!response.writableFinished) this.#clientLeft();
    });
    // It may have left while its request was read.
    if (response.destroyed) this.#clientLeft();
  }

  /** Aborts whatever is going on for this request. */
  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /** The client closed its connection before the answer was complete. */
  get left(): boolean {
    return this.#left;
  }

  /** Set when the proxy itself ended the exchange. */
  get endedBecause(): ApiError | undefined {
    return this.#endedBecause;
  }

  /**
   * Milliseconds left of what the caller allows in `x-llm-proxy-timeout-ms`, at least one;
   * undefined when it says nothing.
   */
  get remainingMs(): number | undefined {
    return this.#timeoutMs === undefined
      ? undefined
      : Math.max(1, this.#timeoutMs - this.elapsedMs);
  }

  get elapsedMs(): number {
    return Math.round(performance.now() - this.request.context.startedAt);
  }

  /** What became of the request on its way to the last target; undefined before there was one. */
  get translation(): TranslationReport | undefined {
    return this.#translation;
  }

  /** For another target: what the one before could not carry over says nothing of this one. */
  newTranslation(): TranslationReport {
    return (this.#translation = this.otherTranslation());
  }

  /** For a call that may not be the one that answers; `answeredBy` says so when it does. */
  otherTranslation(): TranslationReport {
    return new TranslationReport(this.#strict);
  }

  /** One of several calls answers: what follows is about that one. */
  answeredBy(target: RouteTarget, translation: TranslationReport, flow: Flow): void {
    this.target = target;
    this.#translation = translation;
    this.flow.attach(flow);
  }

  describe(): InFlightView {
    const { requestId, startedAt } = this.request.context;
    return {
      id: requestId,
      startedAt: new Date(performance.timeOrigin + startedAt).toISOString(),
      clientId: this.principal.clientId,
      clientName: this.principal.clientName,
      apiKeyId: this.principal.keyId,
      dialect: this.asked.dialect,
      requestedModel: this.asked.model,
      stream: this.asked.stream,
      provider: this.target?.instance.name ?? null,
      model: this.target?.model ?? null,
      firstChunkMs: this.firstChunkMs,
    };
  }

  end(): void {
    this.#endedBecause ??= this.endReason();
    this.#abort.abort();
  }

  /** To be called when the upstream has nothing more to say. */
  close(): void {
    clearTimeout(this.#drainTimer);
    this.bodies?.close();
  }

  #clientLeft(): void {
    this.#left = true;
    // Nobody reads any more, so nothing may wait for a reader.
    this.flow.resume();
    const instance = this.target?.instance;
    if (instance?.disconnect === 'drain') {
      this.#drainTimer = setTimeout(() => this.#abort.abort(), instance.drainMs);
      this.#drainTimer.unref();
    } else {
      this.#abort.abort();
    }
  }
}

/** @throws ApiError `invalid_value` */
function parseStrictness(text: string | undefined): boolean {
  if (text === undefined) return false;
  if (text === 'strict') return true;
  throw new ApiError('invalid_value', 'The only translation mode to ask for is "strict".', {
    param: TRANSLATION_HEADER,
  });
}

/** @throws ApiError `invalid_value` */
function parseTimeoutMs(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new ApiError('invalid_value', 'A time-out is a whole number of milliseconds, 1 or more.', {
    param: TIMEOUT_HEADER,
  });
}
