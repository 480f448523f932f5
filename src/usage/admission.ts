import type { TokenUsage } from '../providers/contract/token-usage.js';
import type { Leg, UsageStatus } from './usage-entry.js';

/** What is known of a request when its reservation is written. */
export interface Admission {
  readonly requestId: string;
  readonly clientId: string;
  readonly apiKeyId: string;
  /** Client dialect, such as `chat`. */
  readonly dialect: string;
  readonly requestedModel: string;
  /** The first target; the closing entry names the one that answered. */
  readonly provider: string;
  readonly model: string;
  readonly stream: boolean;
  readonly hasImages: boolean;
  /** Characters of the prompt; the base of an estimate. */
  readonly inputCharacters: number;
  readonly tags: string | null;
  readonly endUser: string | null;
  readonly session: string | null;
  /** Whether its bodies are to be kept. */
  readonly bodyLog?: boolean;
}

/** How the request ended. */
export interface Outcome {
  readonly status: Exclude<UsageStatus, 'open'>;
  readonly provider: string;
  readonly model: string;
  readonly legs: readonly Leg[];
  readonly usage: TokenUsage;
  readonly latencyMs: number;
  readonly firstChunkMs: number | null;
  readonly httpStatus: number;
  readonly errorCode: string | null;
  readonly upstreamRequestId: string | null;
  /** What was not simply passed to the vendor, as its report says; null when everything was. */
  readonly translation: string | null;
  /** Why it went where it went; null where that is plain. */
  readonly route?: string | null;
}

/** What the ledger made of it. */
export interface Settlement {
  /** Null when the model has no price. */
  readonly costNanoUsd: number | null;
}
