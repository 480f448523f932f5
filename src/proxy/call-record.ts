import type { ChatUsage } from '../providers/chat/chat.js';
import {
  NO_USAGE,
  totalInput,
  totalOutput,
  type TokenUsage,
} from '../providers/contract/token-usage.js';
import { UNITS } from '../providers/contract/usage-units.js';
import { ProviderError } from '../providers/contract/provider-error.js';
import type { Attempt } from '../routing/attempts.js';
import type { RouteTarget } from '../routing/route-target.js';
import type { Outcome } from '../usage/admission.js';
import { AnswerSample, type JsonText } from '../usage/estimation/answer-sample.js';
import { said } from '../usage/estimation/said.js';
import type { TokenEstimator } from '../usage/estimation/token-estimator.js';
import type { Leg } from '../usage/usage-entry.js';
import type { ApiError } from '../common/errors/api-error.js';
import { errorEnvelope } from '../common/errors/error-envelope.js';
import type { Exchange } from './exchange.js';
import type { RouteInput, WholeAnswer } from './route.js';

/** Far beyond any context window: a vendor that counts more has miscounted. */
const MOST_BELIEVABLE_TOKENS = 1_000_000_000;

/** A step of a streamed answer that goes on to the client. */
export interface RelayedStep {
  readonly kind: 'delta' | 'record';
  /** Its JSON, under one of two names. */
  readonly body?: JsonText;
  readonly data?: string;
  /** Of text, reasoning and tool arguments. */
  readonly characters: number;
  /** Whether it carries a count of the vendor's. */
  readonly usage: 'none' | 'only' | 'beside';
}

export interface CallRecordParts {
  readonly exchange: Exchange;
  readonly input: Pick<RouteInput, 'characters' | 'estimates' | 'counted' | 'prompt'>;
  readonly estimator: Pick<TokenEstimator, 'estimate'>;
  readonly attempts: readonly Attempt[];
  readonly firstTarget: RouteTarget;
}

/** What has been seen of an answer so far, and what that makes of the ledger's row. */
export class CallRecord {
  #usage: TokenUsage | undefined;
  /** Characters of the answer, seen so far. */
  #characters = 0;
  /** Those of them that the vendor had counted when it last told its usage. */
  #toldCharacters = 0;
  #upstreamRequestId: string | null = null;
  #firstChunkMs: number | null = null;
  readonly #sample = new AnswerSample();

  constructor(private readonly parts: CallRecordParts) {}

  /** A step of a streamed answer went by. */
  relayed(chunk: RelayedStep | ChatUsage): void {
    if (chunk.kind === 'usage') {
      this.#usage = chunk.usage;
      // Who estimates has counted what it relayed.
      if (chunk.usage.estimated || chunk.isFinal === true) this.#toldCharacters = this.#characters;
      return;
    }
    this.#firstChunkMs ??= this.parts.exchange.firstChunkMs = this.parts.exchange.elapsedMs;
    this.#characters += chunk.characters;
    this.#sample.add(chunk.body ?? chunk.data, chunk.characters);
    if (chunk.usage !== 'none') this.#toldCharacters = this.#characters;
  }

  /** A whole answer arrived at once. */
  answered({ usage, characters = 0, upstreamRequestId, ...rest }: WholeAnswer): void {
    this.#usage = usage;
    this.#characters = characters;
    this.#toldCharacters = characters;
    this.#upstreamRequestId = upstreamRequestId ?? null;
    const { said: text = rest.body } = rest;
    if (typeof text !== 'function') this.#sample.add(text, characters);
  }

  /** The whole answer has arrived, whether or not the client was still there to see it. */
  completed(): Outcome | Promise<Outcome> {
    this.#toldCharacters = this.#characters;
    return this.#outcome(this.parts.exchange.left ? 'client_aborted' : 'ok', 200, null);
  }

  /** `error` is what the client was told, or would have been. */
  failed(error: ApiError): Outcome | Promise<Outcome> {
    this.parts.exchange.bodies?.failed(JSON.stringify(errorEnvelope(error)));
    return this.parts.exchange.left
      ? this.#outcome('client_aborted', 499, 'client_aborted')
      : this.#outcome('error', error.status, error.code);
  }

  #outcome(
    status: Outcome['status'],
    httpStatus: number,
    errorCode: string | null,
  ): Outcome | Promise<Outcome> {
    const { exchange, attempts, firstTarget } = this.parts;
    const target = attempts.at(-1)?.target ?? firstTarget;
    const outcome: Omit<Outcome, 'usage'> = {
      status,
      provider: target.instance.name,
      model: target.model,
      legs: attempts.map((attempt) => this.#leg(attempt)),
      latencyMs: exchange.elapsedMs,
      firstChunkMs: this.#firstChunkMs,
      httpStatus,
      errorCode,
      upstreamRequestId: this.#upstreamRequestId,
      translation: exchange.translation?.toString() || null,
      route: exchange.decision?.textFor(attempts) || null,
    };
    const usage = this.#usageOf(status);
    if (usage instanceof Promise) return usage.then((told) => this.#withLost(outcome, told));
    return this.#withLost(outcome, usage);
  }

  /**
   * What calls were sent that another one was faster than: nobody tells whether a vendor charges
   * for it, so it is taken for used. A row has one price, so what went to another target than the
   * one that answered is told of its leg only.
   */
  #withLost(outcome: Omit<Outcome, 'usage'>, usage: TokenUsage): Outcome {
    if (!this.parts.attempts.some(({ hedge }) => hedge === 'lost')) return { ...outcome, usage };
    const inputTokens = totalInput(usage);
    let again = 0;
    const legs = this.parts.attempts.map((attempt, index) => {
      const leg = outcome.legs[index] as Leg;
      if (attempt.hedge !== 'lost' || leg.status !== 'aborted') return leg;
      if (leg.provider === outcome.provider && leg.model === outcome.model) again += inputTokens;
      return { ...leg, inputTokens };
    });
    if (again === 0) return { ...outcome, legs, usage };
    const inputUncached = usage.inputUncached + again;
    return { ...outcome, legs, usage: { ...usage, inputUncached, estimated: true } };
  }

  /** What the vendor counted, and an estimate of what was relayed after it last told. */
  #usageOf(status: Outcome['status']): TokenUsage | Promise<TokenUsage> {
    const usage = this.#usage;
    if (!isBelievable(usage)) return this.#estimate(status);
    const untold = this.#characters - this.#toldCharacters;
    if (untold === 0) return this.#withCounted(usage);
    return this.#estimateAnswer(untold, usage);
  }

  /** What the request itself shows, where the vendor does not say otherwise. */
  #withCounted(usage: TokenUsage): TokenUsage {
    const { counted } = this.parts.input;
    if (counted === undefined) return usage;
    return { ...usage, units: { ...counted, ...usage.units } };
  }

  /**
   * The vendor said nothing, or nonsense. What was relayed was paid for, and a call that the client broke off
   * had its prompt read; a call that failed before it began used nothing that we know of.
   */
  #estimate(status: Outcome['status']): TokenUsage | Promise<TokenUsage> {
    const { attempts, input } = this.parts;
    const canEstimate = input.estimates !== false;
    if (attempts.length === 0) return NO_USAGE;
    const hasBegun = this.#characters > 0 || (!canEstimate && this.#firstChunkMs !== null);
    if (status === 'error' && !hasBegun) return NO_USAGE;
    return canEstimate ? this.#estimateAll() : this.#withCounted({ ...NO_USAGE, uncounted: true });
  }

  async #estimateAll(): Promise<TokenUsage> {
    const { input, estimator } = this.parts;
    const [inputUncached = 0, outputText = 0] = await estimator.estimate([
      { characters: Math.max(1, input.characters), said: said(input.prompt) },
      this.#sample.read(this.#characters),
    ]);
    return this.#withCounted({ ...NO_USAGE, inputUncached, outputText, estimated: true });
  }

  async #estimateAnswer(untold: number, usage: TokenUsage): Promise<TokenUsage> {
    const [more = 0] = await this.parts.estimator.estimate([this.#sample.read(untold)]);
    return { ...usage, outputText: usage.outputText + more, estimated: true };
  }

  #leg({ target, startedAt, endedAt, error, stoppedBy, hedge }: Attempt): Leg {
    const arrival = this.parts.exchange.request.context.startedAt;
    const leg: Leg = {
      provider: target.instance.name,
      model: target.model,
      status: error === undefined ? 'ok' : 'error',
      startedMs: Math.round(startedAt - arrival),
      durationMs: Math.round((endedAt ?? performance.now()) - startedAt),
    };
    if (stoppedBy !== undefined) leg.stoppedBy = stoppedBy;
    if (hedge !== undefined) leg.hedge = true;
    if (error instanceof ProviderError) {
      leg.error = error.kind;
      if (error.kind === 'aborted') leg.status = 'aborted';
      if (error.status !== undefined) leg.httpStatus = error.status;
    }
    return leg;
  }
}

/** One absurd count would spoil every total that it is added to. */
function isBelievable(usage: TokenUsage | undefined): usage is TokenUsage {
  if (usage === undefined) return false;
  const { units } = usage;
  return (
    isCount(totalInput(usage)) &&
    isCount(totalOutput(usage)) &&
    isCount(usage.webSearches) &&
    (units === undefined || UNITS.every((unit) => isCount(units[unit] ?? 0)))
  );
}

function isCount(count: number): boolean {
  return Number.isSafeInteger(count) && count >= 0 && count <= MOST_BELIEVABLE_TOKENS;
}
