import type { UsageUnits } from '../providers/contract/usage-units.js';

/** How a request ended, as its row says it. A reservation is `open`. */
export type UsageStatus = 'open' | 'ok' | 'error' | 'client_aborted' | 'interrupted' | 'rejected';

/**
 * - `reserved` (sequence 0): written before the first byte leaves for an upstream
 * - `settled` (sequence 1): written before the last byte reaches the client
 * - `interrupted` (sequence 1): written for a process that died with the request in flight
 * - `adjusted` (sequence 2 and up): a correction, always two entries: what was booked taken back,
 *   with its counts negative, and what is true booked again
 */
export type UsageKind = 'reserved' | 'settled' | 'interrupted' | 'adjusted';

/**
 * What a reader of the cost should know.
 * - `standard_tier_rates`: the vendor served another tier, for which the price has no rates
 */
export type PriceNote = 'standard_tier_rates';

/** One upstream call of a request. */
export interface Leg {
  provider: string;
  model: string;
  status: 'ok' | 'error' | 'aborted';
  /** The kind of `ProviderError`, when it failed. */
  error?: string;
  httpStatus?: number;
  /** Milliseconds since the request's arrival. */
  startedMs: number;
  durationMs: number;
  /** Why no other call was made although there was something left to try: `budget`, `deadline` or `calls`. */
  stoppedBy?: string;
  /** One of two calls for the same answer; the one that was broken off is `aborted`. */
  hedge?: true;
  /** Tokens that a call which was broken off in favour of another one was sent, as the other one counts them. */
  inputTokens?: number;
}

/**
 * One appended row of the ledger. Never updated, never deleted but by retention. Counts are
 * tokens, money is whole nano-USD, times are milliseconds since the epoch. The last entry of a
 * request is the truth about it; what it used is the sum of them all.
 */
export interface UsageEntry {
  requestId: string;
  sequence: number;
  kind: UsageKind;
  status: UsageStatus;
  /** 1 where a request is booked, -1 where it is taken back, 0 for a reservation. */
  requests: number;
  /** When the request was admitted; the same in all entries of a request. */
  createdAt: number;
  recordedAt: number;
  processId: string;
  clientId: string;
  apiKeyId: string;
  dialect: string;
  requestedModel: string;
  provider: string;
  model: string;
  stream: boolean;
  attempts: number;
  legs: Leg[];
  /** All input, whatever its price; the counts that follow are parts of it. */
  inputTokens: number;
  cachedInputTokens: number;
  cacheWriteTokens: number;
  cacheWrite1hTokens: number;
  inputAudioTokens: number;
  inputImageTokens: number;
  /** All output, reasoning included. */
  outputTokens: number;
  reasoningTokens: number;
  outputAudioTokens: number;
  outputImageTokens: number;
  webSearches: number;
  /** What was used that is no token; null when nothing was counted. */
  units: UsageUnits | null;
  /** Null when the model has no price. */
  costNanoUsd: number | null;
  providerCostNanoUsd: number | null;
  reservedNanoUsd: number | null;
  /** The price that was applied, in the table of prices. */
  priceId: string | null;
  priceNote: PriceNote | null;
  estimated: boolean;
  cacheHit: boolean;
  hasImages: boolean;
  latencyMs: number | null;
  firstChunkMs: number | null;
  httpStatus: number | null;
  errorCode: string | null;
  upstreamRequestId: string | null;
  serviceTier: string | null;
  tags: string | null;
  endUser: string | null;
  session: string | null;
  /** The vendor's own words. */
  usageRaw: unknown;
  translation: string | null;
  /** Why it went where it went, such as `strategy=weighted`; null where that is plain. */
  route: string | null;
  /** Its bodies were to be kept; null where nobody asked for that. */
  bodyLog: boolean | null;
}
