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
import { estimateTokens } from '../usage/estimate-tokens.js';
import type { Leg } from '../usage/usage-entry.js';
import type { ApiError } from '../common/errors/api-error.js';
import type { Exchange } from './exchange.js';
import type { RouteInput, WholeAnswer } from './route.js';

/** Far beyond any context window: a vendor that counts more has miscounted. */
const MOST_BELIEVABLE_TOKENS = 1_000_000_000;

/** A step of a streamed answer that goes on to the client. */
export interface RelayedStep {
  readonly kind: 'delta' | 'record';
  /** Of text, reasoning and tool arguments. */
  readonly characters: number;
  /** Whether it carries a count of the vendor's. */
  readonly usage: 'none' | 'only' | 'beside';
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

  constructor(
    private readonly exchange: Exchange,
    private readonly input: Pick<RouteInput, 'characters' | 'estimates' | 'counted'>,
    private readonly attempts: readonly Attempt[],
    private readonly firstTarget: RouteTarget,
  ) {}

  /** A step of a streamed answer went by. */
  relayed(chunk: RelayedStep | ChatUsage): void {
    if (chunk.kind === 'usage') {
      this.#usage = chunk.usage;
      // Who estimates has counted what it relayed.
      if (chunk.usage.estimated || chunk.isFinal === true) this.#toldCharacters = this.#characters;
      return;
    }
    this.#firstChunkMs ??= this.exchange.elapsedMs;
    this.#characters += chunk.characters;
    if (chunk.usage !== 'none') this.#toldCharacters = this.#characters;
  }

  /** A whole answer arrived at once. */
  answered({ usage, characters = 0, upstreamRequestId }: WholeAnswer): void {
    this.#usage = usage;
    this.#characters = characters;
    this.#toldCharacters = characters;
    this.#upstreamRequestId = upstreamRequestId ?? null;
  }

  /** The whole answer has arrived, whether or not the client was still there to see it. */
  completed(): Outcome {
    this.#toldCharacters = this.#characters;
    return this.#outcome(this.exchange.left ? 'client_aborted' : 'ok', 200, null);
  }

  /** `error` is what the client was told, or would have been. */
  failed(error: ApiError): Outcome {
    return this.exchange.left
      ? this.#outcome('client_aborted', 499, 'client_aborted')
      : this.#outcome('error', error.status, error.code);
  }

  #outcome(status: Outcome['status'], httpStatus: number, errorCode: string | null): Outcome {
    const target = this.attempts.at(-1)?.target ?? this.firstTarget;
    return {
      status,
      provider: target.instance.name,
      model: target.model,
      legs: this.attempts.map((attempt) => this.#leg(attempt)),
      usage: this.#usageOf(status),
      latencyMs: this.exchange.elapsedMs,
      firstChunkMs: this.#firstChunkMs,
      httpStatus,
      errorCode,
      upstreamRequestId: this.#upstreamRequestId,
      translation: this.exchange.translation?.toString() || null,
    };
  }

  /** What the vendor counted, and an estimate of what was relayed after it last told. */
  #usageOf(status: Outcome['status']): TokenUsage {
    const usage = this.#usage;
    if (!isBelievable(usage)) return this.#withCounted(this.#estimate(status));
    const untold = this.#characters - this.#toldCharacters;
    if (untold === 0) return this.#withCounted(usage);
    return { ...usage, outputText: usage.outputText + estimateTokens(untold), estimated: true };
  }

  /** What the request itself shows, where the vendor does not say otherwise. */
  #withCounted(usage: TokenUsage): TokenUsage {
    const { counted } = this.input;
    if (counted === undefined || usage === NO_USAGE) return usage;
    return { ...usage, units: { ...counted, ...usage.units } };
  }

  /**
   * The vendor said nothing, or nonsense. What was relayed was paid for, and a call that the client broke off
   * had its prompt read; a call that failed before it began used nothing that we know of.
   */
  #estimate(status: Outcome['status']): TokenUsage {
    const canEstimate = this.input.estimates !== false;
    if (this.attempts.length === 0) return NO_USAGE;
    const hasBegun = this.#characters > 0 || (!canEstimate && this.#firstChunkMs !== null);
    if (status === 'error' && !hasBegun) return NO_USAGE;
    if (!canEstimate) return { ...NO_USAGE, uncounted: true };
    return {
      ...NO_USAGE,
      inputUncached: estimateTokens(this.input.characters),
      outputText: this.#characters === 0 ? 0 : estimateTokens(this.#characters),
      estimated: true,
    };
  }

  #leg({ target, startedAt, endedAt, error, stoppedBy }: Attempt): Leg {
    const arrival = this.exchange.request.context.startedAt;
    const leg: Leg = {
      provider: target.instance.name,
      model: target.model,
      status: error === undefined ? 'ok' : 'error',
      startedMs: Math.round(startedAt - arrival),
      durationMs: Math.round((endedAt ?? performance.now()) - startedAt),
    };
    if (stoppedBy !== undefined) leg.stoppedBy = stoppedBy;
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
  const units = UNITS.map((unit) => usage.units?.[unit] ?? 0);
  return [totalInput(usage), totalOutput(usage), usage.webSearches, ...units].every(
    (count) => Number.isSafeInteger(count) && count >= 0 && count <= MOST_BELIEVABLE_TOKENS,
  );
}
