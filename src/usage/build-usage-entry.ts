import { costNanoUsd, lacksServiceTier } from '../catalog/cost.js';
import { CostRangeError } from '../catalog/pico-sum.js';
import type { Price } from '../catalog/price.js';
import {
  NO_USAGE,
  totalInput,
  totalOutput,
  type TokenUsage,
} from '../providers/contract/token-usage.js';
import type { Admission, Outcome } from './admission.js';
import { estimateTokens } from './estimate-tokens.js';
import type { AppliedPrice } from './applied-price.js';
import type { Reservation } from './reservation.js';
import type { PriceNote, UsageEntry } from './usage-entry.js';

export function reservedEntry(
  { admission, createdAt, money }: Pick<Reservation, 'admission' | 'createdAt' | 'money'>,
  processId: string,
): UsageEntry {
  return {
    requestId: admission.requestId,
    sequence: 0,
    kind: 'reserved',
    status: 'open',
    requests: 0,
    createdAt,
    recordedAt: createdAt,
    processId,
    clientId: admission.clientId,
    apiKeyId: admission.apiKeyId,
    dialect: admission.dialect,
    requestedModel: admission.requestedModel,
    provider: admission.provider,
    model: admission.model,
    stream: admission.stream,
    attempts: 0,
    legs: [],
    ...counts(NO_USAGE),
    // What a process that dies leaves behind: the prompt has been sent, so it is not zero.
    inputTokens: estimateTokens(admission.inputCharacters),
    costNanoUsd: null,
    providerCostNanoUsd: null,
    reservedNanoUsd: money.reservedNanoUsd,
    priceId: null,
    priceNote: null,
    estimated: true,
    cacheHit: false,
    hasImages: admission.hasImages,
    latencyMs: null,
    firstChunkMs: null,
    httpStatus: null,
    errorCode: null,
    upstreamRequestId: null,
    serviceTier: null,
    tags: admission.tags,
    endUser: clip(admission.endUser, 255),
    session: clip(admission.session, 255),
    usageRaw: null,
    translation: null,
    route: null,
    bodyLog: admission.bodyLog ?? null,
  };
}

/** Of a request that was refused because its reservation could not be confirmed. */
export function refusedOutcome(admission: Admission): Outcome {
  return {
    status: 'rejected',
    provider: admission.provider,
    model: admission.model,
    legs: [],
    usage: NO_USAGE,
    latencyMs: 0,
    firstChunkMs: null,
    httpStatus: 503,
    errorCode: 'ledger_unavailable',
    upstreamRequestId: null,
    translation: null,
  };
}

export interface Closing {
  readonly admission: Admission;
  readonly reservedNanoUsd: number | null;
  readonly createdAt: number;
  readonly processId: string;
  readonly outcome: Outcome;
  readonly price: AppliedPrice | undefined;
}

export function closingEntry({
  admission,
  reservedNanoUsd,
  createdAt,
  processId,
  outcome,
  price,
}: Closing): UsageEntry {
  const { usage } = outcome;
  return {
    requestId: admission.requestId,
    sequence: 1,
    kind: 'settled',
    status: outcome.status,
    requests: 1,
    createdAt,
    recordedAt: Date.now(),
    processId,
    clientId: admission.clientId,
    apiKeyId: admission.apiKeyId,
    dialect: admission.dialect,
    requestedModel: admission.requestedModel,
    provider: outcome.provider,
    model: outcome.model,
    stream: admission.stream,
    attempts: outcome.legs.length,
    legs: [...outcome.legs],
    ...counts(usage),
    costNanoUsd: chargeFor(outcome, price?.price),
    providerCostNanoUsd: wholeOrNull(usage.providerCostNanoUsd),
    reservedNanoUsd,
    priceId: price?.id ?? null,
    priceNote: noteOn(usage, price?.price),
    estimated: usage.estimated,
    cacheHit: false,
    hasImages: admission.hasImages,
    latencyMs: outcome.latencyMs,
    firstChunkMs: outcome.firstChunkMs,
    httpStatus: outcome.httpStatus,
    errorCode: outcome.errorCode,
    upstreamRequestId: clip(outcome.upstreamRequestId, 128),
    serviceTier: clip(usage.serviceTier ?? null, 32),
    tags: admission.tags,
    endUser: clip(admission.endUser, 255),
    session: clip(admission.session, 255),
    usageRaw: usage.raw ?? null,
    translation: outcome.translation,
    route: clip(outcome.route ?? null, 255),
    bodyLog: admission.bodyLog ?? null,
  };
}

/**
 * What a request is charged, in nano-USD. Null without a price, where the price counts tokens and
 * nobody counted them, and where the price times the counts is beyond any real cost. One that
 * failed before it used anything is not charged for the attempt either.
 */
export function chargeFor(
  { status, usage }: Pick<Outcome, 'status' | 'usage'>,
  price: Price | undefined,
): number | null {
  if (price === undefined) return null;
  return status !== 'ok' && usedNothing(usage) ? 0 : costOf(usage, price);
}

function usedNothing(usage: TokenUsage): boolean {
  return !usage.uncounted && totalInput(usage) === 0 && totalOutput(usage) === 0;
}

/** What is known of a request whose process died: its prompt went out, the rest is not known. */
export function interruptedEntry(
  reserved: UsageEntry,
  price: AppliedPrice | undefined,
): UsageEntry {
  const usage: TokenUsage = {
    ...NO_USAGE,
    inputUncached: reserved.inputTokens,
    estimated: true,
  };
  return {
    ...reserved,
    sequence: 1,
    kind: 'interrupted',
    status: 'interrupted',
    requests: 1,
    recordedAt: Date.now(),
    attempts: 1,
    costNanoUsd: chargeFor({ status: 'interrupted', usage }, price?.price),
    priceId: price?.id ?? null,
    errorCode: 'interrupted',
  };
}

/** Null where the price does not cover the use, and where the cost is beyond any real one. */
function costOf(usage: TokenUsage, price: Price): number | null {
  try {
    return costNanoUsd(usage, price);
  } catch (error) {
    // A request that cannot be charged must still be closed.
    if (error instanceof CostRangeError) return null;
    throw error;
  }
}

/** What a reader of the cost should know. */
function noteOn(usage: TokenUsage, price: Price | undefined): PriceNote | null {
  return price !== undefined && lacksServiceTier(usage, price) ? 'standard_tier_rates' : null;
}

/** Other people's words, as long as their column: PostgreSQL would refuse the row for one that is longer. */
function clip(text: string | null, length: number): string | null {
  return text === null ? null : text.slice(0, length);
}

function wholeOrNull(amount: number | undefined): number | null {
  return amount !== undefined && Number.isSafeInteger(amount) ? amount : null;
}

function counts(usage: TokenUsage) {
  return {
    inputTokens: totalInput(usage),
    cachedInputTokens: usage.cacheRead,
    cacheWriteTokens: usage.cacheWrite,
    cacheWrite1hTokens: usage.cacheWrite1h,
    inputAudioTokens: usage.inputAudio,
    inputImageTokens: usage.inputImage,
    outputTokens: totalOutput(usage),
    reasoningTokens: usage.outputReasoning,
    outputAudioTokens: usage.outputAudio,
    outputImageTokens: usage.outputImage,
    webSearches: usage.webSearches,
    units: usage.units ?? null,
  };
}
