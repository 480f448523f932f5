import { Injectable, Logger } from '@nestjs/common';
import type { Request, Response } from 'express';
import { from, lastValueFrom, tap, type Observable } from 'rxjs';
import { ApiError } from '../common/errors/api-error.js';
import { InFlight } from '../common/in-flight.js';
import { formatUsd } from '../common/money/format-usd.js';
import { Configuration } from '../config/configuration.js';
import type { ChatChunk, ChatRequest, ChatResponse } from '../providers/chat/chat.js';
import { ProviderError } from '../providers/contract/provider-error.js';
import type { Target } from '../providers/contract/target.js';
import { Attempts } from '../routing/attempts.js';
import type { RouteTarget } from '../routing/route-target.js';
import { Router } from '../routing/router.service.js';
import type { Outcome, Settlement } from '../usage/admission.js';
import { Ledger } from '../usage/ledger.js';
import type { Reservation } from '../usage/reservation.js';
import { attemptHeaders } from './answer-headers.js';
import { readJsonBody } from './body/read-json-body.js';
import { CallRecord } from './call-record.js';
import { ChatInput } from './chat/chat-input.js';
import { ChatStream } from './chat/chat-stream.js';
import { withCost } from './chat/with-cost.js';
import { EventStream } from './event-stream.js';
import { Exchange } from './exchange.js';
import { forwardedHeaders } from './forwarded-headers.js';
import { Idempotency } from './idempotency/idempotency.service.js';
import type { IdempotentAnswer } from './idempotency/idempotent-answer.js';
import { providerErrorToApiError } from './provider-error-to-api-error.js';

const EVENT_STREAM = 'text/event-stream; charset=utf-8';

/** A request on its way through the pipeline. */
interface Call {
  readonly exchange: Exchange;
  readonly input: ChatInput;
  readonly targets: RouteTarget[];
  readonly answer: IdempotentAnswer | undefined;
}

/** The pipeline: what happens to every request of the client API, in this order. */
@Injectable()
export class ProxyService {
  readonly #logger = new Logger(ProxyService.name);

  constructor(
    private readonly router: Router,
    private readonly ledger: Ledger,
    private readonly idempotency: Idempotency,
    private readonly inFlight: InFlight,
    private readonly configuration: Configuration,
  ) {}

  /** @throws ApiError before the first byte of an answer; later failures are told in the stream */
  async answerChat(request: Request, response: Response): Promise<void> {
    const { maxBodyBytes, maxJsonDepth } = this.configuration.environment;
    const body = await readJsonBody(request, { maxBytes: maxBodyBytes, maxDepth: maxJsonDepth });
    const input = new ChatInput(body);
    const exchange = new Exchange(request, response, shuttingDown);
    const targets = this.router.targetsFor(input.model, exchange.principal);
    if (this.inFlight.draining) throw shuttingDown();
    this.inFlight.add(exchange);
    try {
      const answer = await this.idempotency.begin(request, exchange.principal.clientId, body.text);
      if (answer?.replay(response) === true) return;
      await this.#answer({ exchange, input, targets, answer });
    } finally {
      exchange.close();
      this.inFlight.remove(exchange);
    }
  }

  async #answer(call: Call): Promise<void> {
    try {
      const reservation = await this.#reserve(call);
      if (call.input.stream) await this.#stream(call, reservation);
      else await this.#unary(call, reservation);
    } catch (error) {
      await call.answer?.release();
      throw error;
    }
  }

  async #reserve({ exchange, input, targets }: Call): Promise<Reservation> {
    const { request, response, principal } = exchange;
    const target = targets[0] as RouteTarget;
    const reservation = await this.ledger.reserve({
      requestId: request.context.requestId,
      clientId: principal.clientId,
      apiKeyId: principal.keyId,
      dialect: 'chat',
      requestedModel: input.model,
      provider: target.instance.name,
      model: target.model,
      stream: input.stream,
      hasImages: input.hasImages,
      inputCharacters: input.characters,
      tags: request.get('x-llm-proxy-tags') ?? null,
      endUser: request.get('x-llm-proxy-user') ?? input.user,
      session: request.get('x-llm-proxy-session') ?? null,
    });
    if (reservation.requestId !== request.context.requestId) {
      request.context.requestId = reservation.requestId;
      response.setHeader('x-request-id', reservation.requestId);
    }
    return reservation;
  }

  async #unary(call: Call, reservation: Reservation): Promise<void> {
    const { exchange } = call;
    const attempts = this.#attempts<ChatResponse>(call, (target, request, to) =>
      from(target.provider.chat(request, to)),
    );
    const record = this.#record(call, attempts);
    let chat: ChatResponse;
    try {
      chat = await lastValueFrom(attempts.values());
    } catch (error) {
      const told = toldOf(error, exchange);
      exchange.response.set(attemptHeaders(attempts.made));
      await this.#settle(reservation, record.failed(told)).catch(() => undefined);
      throw told;
    }
    record.answered(chat);
    const { costNanoUsd } = await this.#settle(reservation, record.completed());
    const body = withCost(chat.body.text, costNanoUsd);
    call.answer?.append(body);
    await call.answer?.complete('application/json', reservation.requestId);
    if (exchange.left) return;
    exchange.response
      .writeHead(200, {
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(body),
        ...attemptHeaders(attempts.made),
        ...(costNanoUsd === null ? {} : { 'x-llm-proxy-cost': formatUsd(costNanoUsd) }),
      })
      .end(body);
  }

  #stream(call: Call, reservation: Reservation): Promise<void> {
    const { exchange } = call;
    const { streamKeepAliveMs, streamStallTimeoutMs } = this.configuration.environment;
    const attempts = this.#attempts<ChatChunk>(call, (target, request, to) =>
      target.provider.streamChat(request, to),
    );
    const record = this.#record(call, attempts);
    const events = new EventStream(exchange.response, exchange.flow, {
      keepAliveMs: streamKeepAliveMs,
      stallMs: streamStallTimeoutMs,
      ...(call.answer === undefined ? {} : { copy: call.answer }),
    });
    const stream = new ChatStream(events, call.input.wantsUsage);

    const relay = (chunk: ChatChunk): void => {
      record.relayed(chunk);
      if (chunk.kind === 'usage') return;
      if (!events.opened) events.open(attemptHeaders(attempts.made));
      // Also when nobody reads any more: a copy for an idempotency key has to be whole.
      stream.delta(chunk);
    };
    const fail = async (error: unknown): Promise<void> => {
      const told = toldOf(error, exchange);
      const settled = this.#settle(reservation, record.failed(told)).catch(() => undefined);
      await Promise.all([settled, call.answer?.release()]);
      if (events.opened) {
        await stream.fail(told);
        return;
      }
      exchange.response.set(attemptHeaders(attempts.made));
      throw told;
    };
    const complete = async (): Promise<void> => {
      try {
        const { costNanoUsd } = await this.#settle(reservation, record.completed());
        await stream.complete(costNanoUsd, () =>
          call.answer?.complete(EVENT_STREAM, reservation.requestId),
        );
      } catch (error) {
        await call.answer?.release();
        await stream.fail(toldOf(error, exchange));
      }
    };

    return new Promise((resolve, reject) => {
      // `tap`, because what it throws ends the stream as an error instead of the process.
      attempts
        .values()
        .pipe(tap(relay))
        .subscribe({
          error: (error: unknown) => void fail(error).then(resolve, reject),
          complete: () => void complete().then(resolve, reject),
        });
    });
  }

  #attempts<T>(
    { exchange, input, targets }: Call,
    call: (target: RouteTarget, request: ChatRequest, to: Target) => Observable<T>,
  ): Attempts<T> {
    const { request } = exchange;
    const headers = forwardedHeaders(request.headers);
    return new Attempts<T>({
      targets,
      signal: exchange.signal,
      isWanted: () => !exchange.left,
      retries: (target) => this.router.retriesOf(target),
      call: (target) => {
        exchange.target = target;
        return call(target, input.requestFor(target), {
          instance: target.instance,
          model: target.model,
          requestId: request.context.requestId,
          signal: exchange.signal,
          flow: exchange.flow,
          headers,
        });
      },
    });
  }

  #record({ exchange, input, targets }: Call, attempts: Attempts<unknown>): CallRecord {
    return new CallRecord(exchange, input.characters, attempts.made, targets[0] as RouteTarget);
  }

  /** Closes the request in the books and says so in the log. */
  async #settle(reservation: Reservation, outcome: Outcome): Promise<Settlement> {
    const settlement = await reservation.settle(outcome);
    this.#logger.log({
      message: 'request settled',
      requestId: reservation.requestId,
      client: reservation.admission.clientId,
      keyId: reservation.admission.apiKeyId,
      provider: outcome.provider,
      model: outcome.model,
      outcome: outcome.status,
      code: outcome.errorCode ?? undefined,
      attempts: outcome.legs.length,
      latencyMs: outcome.latencyMs,
      firstChunkMs: outcome.firstChunkMs ?? undefined,
      costNanoUsd: settlement.costNanoUsd,
      estimated: outcome.usage.estimated,
    });
    return settlement;
  }
}

/** The error that the client is told of. */
function toldOf(error: unknown, exchange: Exchange): ApiError {
  if (exchange.endedBecause !== undefined) return exchange.endedBecause;
  if (error instanceof ApiError) return error;
  if (error instanceof ProviderError) return providerErrorToApiError(error);
  return new ApiError('internal_error', 'Internal error.', { cause: error });
}

function shuttingDown(): ApiError {
  return new ApiError('shutting_down', 'The proxy is shutting down.', { retryAfterMs: 1000 });
}
