import { Logger } from '@nestjs/common';
import { from, Observable, switchMap, throwError } from 'rxjs';
import { ApiError } from '../common/errors/api-error.js';
import { Flow } from '../providers/contract/flow.js';
import { ProviderError } from '../providers/contract/provider-error.js';
import type { Target } from '../providers/contract/target.js';
import { totalInput, totalOutput } from '../providers/contract/token-usage.js';
import type { Hold } from '../limits/budgets/hold.js';
import type { Permit } from '../limits/rates/permit.js';
import type { Entrance } from '../limits/rates/provider-gate.js';
import { type CallPlace, Attempts } from '../routing/attempts.js';
import type { RouteChoice } from '../routing/route-chooser.js';
import type { RouteTarget } from '../routing/route-target.js';
import type { Router } from '../routing/router.service.js';
import type { Outcome, Settlement } from '../usage/admission.js';
import type { Reservation } from '../usage/reservation.js';
import type { TokenEstimator } from '../usage/estimation/token-estimator.js';
import { spendTargetOf } from './admission/spend-target-of.js';
import { CallRecord } from './call-record.js';
import type { Exchange } from './exchange.js';
import { forwardedHeaders } from './forwarded-headers.js';
import type { CallHedge } from './hedge/call-hedge.js';
import type { IdempotentAnswer } from './idempotency/idempotent-answer.js';
import { providerErrorToApiError } from './provider-error-to-api-error.js';
import type { Ask, RouteInput } from './route.js';

export interface CallParts<Input extends RouteInput> {
  readonly exchange: Exchange;
  readonly input: Input;
  readonly targets: readonly RouteTarget[];
  /** Undefined for a request that is sent once. */
  readonly hedge: CallHedge | undefined;
  readonly choice: Pick<RouteChoice, 'detour' | 'begun'>;
  readonly router: Pick<Router, 'currentTarget' | 'measure' | 'retryPolicy'>;
  readonly reservation: Pick<Reservation, 'requestId' | 'settle'>;
  readonly permit: Pick<Permit, 'used'>;
  readonly hold: Pick<Hold, HoldMember>;
  /** A place at the first of the targets. */
  readonly entrance: Entrance;
  /** A place for another attempt, at one of the targets from an index on. */
  readonly enterNext: (
    index: number,
    targets: readonly RouteTarget[],
  ) => Entrance | Promise<Entrance>;
  /** The answer costs nothing and counts for nothing. */
  readonly isFree: boolean;
  readonly estimator: Pick<TokenEstimator, 'estimate'>;
  /** The claim on an idempotency key, when the request has one. */
  readonly answer: IdempotentAnswer | undefined;
}

type HoldMember = 'bounded' | 'isShort' | 'learn' | 'moveTo' | 'paidOutputTokens' | 'relaying';

/** What a call needs beside whom it goes to. */
type Sending = CallPlace & { readonly headers: Target['headers'] };

/** A request that is reserved in the ledger and on its way to whoever answers it. */
export class Call<Input extends RouteInput> {
  static readonly #logger = new Logger(Call.name);
  readonly exchange: Exchange;
  readonly input: Input;
  readonly answer: IdempotentAnswer | undefined;
  readonly #parts: CallParts<Input>;
  /** The place of the last attempt; undefined before the first. */
  #entrance: Entrance | undefined;

  constructor(parts: CallParts<Input>) {
    this.#parts = parts;
    this.exchange = parts.exchange;
    this.input = parts.input;
    this.answer = parts.answer;
  }

  /** Gets every piece of what the client gets; undefined where nobody wants it. */
  get copy(): { append(text: string): void } | undefined {
    const { bodies } = this.exchange;
    if (bodies === undefined) return this.answer;
    return {
      append: (text) => {
        bodies.answered(text);
        this.answer?.append(text);
      },
    };
  }

  /** The id of the row in the ledger. */
  get requestId(): string {
    return this.#parts.reservation.requestId;
  }

  /** The calls of the targets, one after the other until one answers; made when subscribed to. */
  attempts<T>(ask: Ask<Input, T>): Attempts<T> {
    const { exchange, input, targets, choice, router, hold, hedge } = this.#parts;
    const { retryPolicy } = router;
    const headers = forwardedHeaders(exchange.request.headers);
    return new Attempts<T>({
      targets,
      signal: exchange.signal,
      isWanted: () => !exchange.left,
      mayRepeat: (error) => input.mayRepeat?.(error) ?? true,
      retries: (target) => retryPolicy.retriesOf(target),
      hasSpareKey: (target) => retryPolicy.hasSpareKey(router.currentTarget(target)),
      remainingMs: ({ instance }, elapsedMs) =>
        Math.min(instance.timeouts.totalMs - elapsedMs, exchange.remainingMs ?? Infinity),
      maxCalls: retryPolicy.maxCalls,
      budget: retryPolicy.budget,
      measure: (target) => {
        choice.begun();
        return router.measure(target, input.stream);
      },
      enter: (index, among) => this.#enter(index, among),
      detour: choice.detour,
      hedge,
      call: (chosen, place) => {
        const { entrance, isHedged } = place;
        const send = (): Observable<T> =>
          isHedged
            ? this.#sendOneOfTwo(chosen, ask, { ...place, headers })
            : this.#send(chosen, ask, { ...place, headers });
        if (hedge?.placeOf(entrance) !== undefined) return send();
        const moved = hold.moveTo(spendTargetOf(chosen, input));
        if (moved === undefined) return send();
        return from(Promise.resolve(moved)).pipe(
          switchMap((refusal) => (refusal === undefined ? send() : passOver(refusal))),
        );
      },
    });
  }

  #send<T>(
    chosen: RouteTarget,
    ask: Ask<Input, T>,
    { headers, remainingMs }: Sending,
  ): Observable<T> {
    const { exchange, hold } = this.#parts;
    const target = this.#affordable(chosen, hold);
    exchange.target = target;
    const translation = exchange.newTranslation();
    const { heard } = this.#entrance ?? this.#parts.entrance;
    const { signal, flow } = exchange;
    const maxOutputTokens = hold.paidOutputTokens;
    const own = { signal, flow, headers, translation, heard, maxOutputTokens };
    return ask(target, this.#to(target, own, remainingMs), this);
  }

  /**
   * The same for a call beside which there may be another one: it can be broken off by itself, and
   * what is told of the request is about it only when it answers.
   */
  #sendOneOfTwo<T>(
    chosen: RouteTarget,
    ask: Ask<Input, T>,
    { headers, remainingMs, entrance }: Sending,
  ): Observable<T> {
    return new Observable<T>((subscriber) => {
      const { exchange, hold, hedge } = this.#parts;
      const second = hedge?.placeOf(entrance);
      const money = second?.hold ?? hold;
      const target = this.#affordable(chosen, money);
      const place = second?.entrance ?? this.#entrance ?? this.#parts.entrance;
      const own = new AbortController();
      const signal = AbortSignal.any([exchange.signal, own.signal]);
      const flow = new Flow();
      const translation = exchange.otherTranslation();
      if (second === undefined) exchange.answeredBy(target, translation, flow);
      let hasBegun = false;
      const begin = (): void => {
        hasBegun = true;
        exchange.answeredBy(target, translation, flow);
        this.#entrance = place;
        if (second !== undefined) hedge?.won(second);
      };
      subscriber.add(() => own.abort());
      const { heard } = place;
      const maxOutputTokens = money.paidOutputTokens;
      const sent = { signal, flow, headers, translation, heard, maxOutputTokens };
      const to = this.#to(target, sent, remainingMs);
      const inner = ask(target, to, this).subscribe({
        next: (value) => {
          if (!hasBegun) begin();
          subscriber.next(value);
        },
        complete: () => subscriber.complete(),
        error: (error: unknown) => subscriber.error(error),
      });
      subscriber.add(inner);
    });
  }

  /** As it is configured now, with as much of an answer as there is money for. */
  #affordable(
    chosen: RouteTarget,
    { isShort, paidOutputTokens }: Pick<Hold, 'isShort' | 'paidOutputTokens'>,
  ): RouteTarget {
    const current = this.#parts.router.currentTarget(chosen);
    return isShort === true ? { ...current, maxOutputTokens: paidOutputTokens } : current;
  }

  #to(
    { instance, model, maxOutputTokens }: RouteTarget,
    own: Pick<Target, 'signal' | 'flow' | 'headers' | 'translation' | 'heard' | 'maxOutputTokens'>,
    remainingMs: number,
  ): Target {
    const { request, bodies, remainingMs: callersMs = Infinity } = this.#parts.exchange;
    if (maxOutputTokens !== undefined) own.translation.note('max_tokens', 'approximated');
    const totalMs = Math.max(1, Math.round(Math.min(remainingMs, callersMs)));
    const { requestId } = request.context;
    const sent = bodies?.sentUpstream;
    return { instance, model, requestId, totalMs, sent, ...own };
  }

  /** As `Hold.relaying`. */
  relaying(characters: number): Promise<void> | undefined {
    return this.#parts.hold.relaying(characters);
  }

  record(attempts: Attempts<unknown>): CallRecord {
    const { exchange, input, targets, estimator } = this.#parts;
    return new CallRecord({
      exchange,
      input,
      estimator,
      attempts: attempts.made,
      firstTarget: targets[0] as RouteTarget,
    });
  }

  /**
   * Closes the request in the books and says so in the log.
   * @throws ApiError `ledger_unavailable`
   */
  async settle(ended: Outcome): Promise<Settlement> {
    const { reservation, permit, hold, hedge, exchange } = this.#parts;
    const outcome = isGuess(ended) ? { ...ended, usage: hold.bounded(ended.usage) } : ended;
    // Before its money is free: whoever waits for it is sized by what is known now.
    if (outcome.status === 'ok') hold.learn(outcome.usage);
    const tokens = this.#parts.isFree ? 0 : totalInput(outcome.usage) + totalOutput(outcome.usage);
    permit.used(tokens);
    (this.#entrance ?? this.#parts.entrance).used(tokens);
    const settlement = await reservation.settle(outcome).finally(() => hedge?.close());
    Call.#logger.log({
      message: 'request settled',
      requestId: reservation.requestId,
      traceId: exchange.request.context.traceId,
      client: exchange.principal.clientName,
      keyId: exchange.principal.keyId,
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

  /** Of a request that failed: an entry that cannot be written now is written later. */
  async settleFailure(outcome: Outcome): Promise<void> {
    await this.settle(outcome).catch(() => undefined);
  }

  #enter(index: number, targets: readonly RouteTarget[]): Entrance | Promise<Entrance> {
    if (this.#entrance === undefined) return (this.#entrance = this.#parts.entrance);
    // It failed before it answered anything.
    this.#entrance.used(0);
    const entered = this.#parts.enterNext(index, targets);
    if (!(entered instanceof Promise)) return (this.#entrance = entered);
    return entered.then((entrance) => (this.#entrance = entrance));
  }

  /** What the client is told of a failure. */
  errorOf(error: unknown): ApiError {
    const { endedBecause } = this.exchange;
    if (endedBecause !== undefined) return endedBecause;
    if (error instanceof ApiError) return error;
    if (error instanceof ProviderError && error.cause instanceof ApiError) return error.cause;
    if (error instanceof ProviderError) return providerErrorToApiError(error);
    return new ApiError('internal_error', 'Internal error.', { cause: error });
  }
}

/** The next target is tried; what its client is told when there is none is the reason. */
function passOver(refusal: ApiError): Observable<never> {
  return throwError(() => new ProviderError('unavailable', refusal.message, { cause: refusal }));
}

/**
 * Whether the proxy had to guess how long the answer was. A whole answer that its vendor counted is
 * no guess, also where the input of a second call was added to it.
 */
function isGuess({ status, usage }: Outcome): boolean {
  return usage.estimated && (status !== 'ok' || usage.raw == null);
}
