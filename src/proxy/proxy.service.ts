import { Injectable } from '@nestjs/common';
import type { Request, Response } from 'express';
import { ApiError } from '../common/errors/api-error.js';
import { InFlight } from '../common/in-flight.js';
import { Configuration } from '../config/configuration.js';
import type { RouteTarget } from '../routing/route-target.js';
import { Router } from '../routing/router.service.js';
import { Ledger } from '../usage/ledger.js';
import type { Reservation } from '../usage/reservation.js';
import { answerStream } from './answer-stream.js';
import { answerUnary } from './answer-unary.js';
import { readJsonBody } from './body/read-json-body.js';
import { Call } from './call.js';
import { ChatInput } from './chat/chat-input.js';
import { Exchange } from './exchange.js';
import { Idempotency } from './idempotency/idempotency.service.js';
import type { IdempotentAnswer } from './idempotency/idempotent-answer.js';

const MAX_LABEL_LENGTH = 255;

/** A valid request and where it may go. */
interface Admitted {
  readonly exchange: Exchange;
  readonly input: ChatInput;
  /** In the order in which they are to be tried; never empty. */
  readonly targets: readonly RouteTarget[];
}

/** The pipeline: what happens to every request of the client API, in this order. */
@Injectable()
export class ProxyService {
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
      await this.#carryOut({ exchange, input, targets }, answer);
    } finally {
      exchange.close();
      this.inFlight.remove(exchange);
    }
  }

  async #carryOut(admitted: Admitted, answer: IdempotentAnswer | undefined): Promise<void> {
    try {
      const reservation = await this.#reserve(admitted);
      const retriesOf = (target: RouteTarget) => this.router.retriesOf(target);
      const call = new Call({ ...admitted, reservation, retriesOf, answer });
      const { streamKeepAliveMs, streamStallTimeoutMs } = this.configuration.environment;
      if (!admitted.input.stream) await answerUnary(call);
      else {
        await answerStream(call, {
          keepAliveMs: streamKeepAliveMs,
          stallMs: streamStallTimeoutMs,
        });
      }
    } catch (error) {
      await answer?.release();
      throw error;
    }
  }

  async #reserve({ exchange, input, targets }: Admitted): Promise<Reservation> {
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
      tags: label(request.get('x-llm-proxy-tags')),
      endUser: label(request.get('x-llm-proxy-user') ?? input.user),
      session: label(request.get('x-llm-proxy-session')),
    });
    if (reservation.requestId !== request.context.requestId) {
      request.context.requestId = reservation.requestId;
      response.setHeader('x-request-id', reservation.requestId);
    }
    return reservation;
  }
}

/** As much of a caller's label as the ledger keeps. */
function label(text: string | null | undefined): string | null {
  return text?.slice(0, MAX_LABEL_LENGTH) ?? null;
}

function shuttingDown(): ApiError {
  return new ApiError('shutting_down', 'The proxy is shutting down.', { retryAfterMs: 1000 });
}
