import type { Observable } from 'rxjs';
import type { ZodType } from 'zod';
import type { ChatChunk, ChatRequest, ChatResponse } from '../chat/chat.js';
import type { CompletionRecord } from '../completions/completions.js';
import type { EmbeddingsRequest, EmbeddingsResponse } from '../embeddings/embeddings.js';
import type { NativeDialect } from './native.js';
import type { Authentication, BreakerSettings, ProviderInstance } from './provider-instance.js';
import type { Relay } from './relay.js';
import type { Target } from './target.js';
import type { TranslationTable } from './translation.js';
import type { UsageReporting } from './usage-report.js';

/** The protocols clients speak. A vendor that speaks one itself gets the body as it came. */
export type Dialect = 'chat' | 'messages' | 'responses' | 'completions';

export type Modality = 'text' | 'image' | 'audio' | 'video' | 'file' | 'embedding';

/** A model as its vendor or its module describes it; what is absent is not known. */
export interface ProviderModel {
  readonly id: string;
  /** Unix seconds. */
  readonly created?: number;
  readonly ownedBy?: string;
  readonly displayName?: string;
  /** Tokens. */
  readonly contextTokens?: number;
  /** Tokens. */
  readonly maxOutputTokens?: number;
  readonly inputs?: readonly Modality[];
  readonly outputs?: readonly Modality[];
  readonly tools?: boolean;
  readonly reasoning?: boolean;
  readonly structuredOutput?: boolean;
}

/** What the type brings to an instance that the configuration does not say. */
export interface ProviderDefaults {
  readonly baseUrl?: string;
  readonly authentication: Authentication;
  /** False for a type whose vendor needs no key. */
  readonly requiresApiKey: boolean;
  readonly breaker?: Partial<BreakerSettings>;
}

/**
 * A provider type: how one vendor is spoken to. Stateless; what varies per call arrives in
 * `target`. It never sees a key, retries, sleeps, logs a prompt or opens a socket: `Upstream` is
 * the only way out. An ability that the vendor lacks is an absent method, never one that throws.
 */
export interface Provider {
  /** As in the configuration's `type`. */
  readonly type: string;
  /** Client dialects the vendor speaks itself. */
  readonly dialects: readonly Dialect[];
  readonly defaults: ProviderDefaults;
  /** In place of `defaults`, for a type whose settings decide about them. */
  defaultsFor?(settings: Readonly<Record<string, unknown>>): ProviderDefaults;
  /** Vendor-specific keys that the configuration may set on an instance. */
  readonly settings?: ZodType<Record<string, unknown>>;
  /** What becomes of each documented field of a chat request. */
  readonly translation: TranslationTable;
  /**
   * The vendor wants a turn's reasoning back with its tool calls (`reasoning_content`,
   * `reasoning_details`, `extra_content`). The pipeline then remembers it for clients that lose it.
   * A function where the settings of an instance decide; asked for each request, so it must be cheap.
   */
  readonly wantsReasoningBack?: boolean | ((settings: ProviderInstance['settings']) => boolean);

  /**
   * Output tokens that a chat request of this effort may be sent with on top of the maximum that
   * its client allows, per choice. Absent where thinking counts against the maximum.
   */
  thinkingBeyond?(model: string, effort: string): number;

  /** One answer. Rejects with `ProviderError`. */
  chat(request: ChatRequest, target: Target): Promise<ChatResponse>;

  /**
   * Cold: nothing is sent before the subscription, and unsubscribing aborts upstream. Errors with
   * `ProviderError`. Completes only when the vendor's answer was whole; emits the call's usage at
   * most once, as its last value.
   */
  streamChat(request: ChatRequest, target: Target): Observable<ChatChunk>;

  /** The dialects of `dialects` other than chat, which need no translation. */
  readonly native?: {
    readonly messages?: NativeDialect;
    readonly responses?: NativeDialect;
    readonly completions?: NativeDialect<CompletionRecord>;
  };

  /** Vectors, in the order of the inputs and the encoding asked for. Rejects with `ProviderError`. */
  embed?(request: EmbeddingsRequest, target: Target): Promise<EmbeddingsResponse>;

  /** Images, audio, moderations and rerank, as far as the vendor has them in the client's form. */
  readonly relay?: Relay;

  /** The models this instance offers. Rejects with `ProviderError`. */
  listModels?(target: Target): Promise<readonly ProviderModel[]>;

  /** What the vendor's own books say of an account; asked with an administrator's key. */
  readonly usageReporting?: UsageReporting;
}

/** Whether an instance of the type wants its reasoning back. */
export function wantsReasoningBack(
  { wantsReasoningBack: wants }: Provider,
  { settings }: ProviderInstance,
): boolean {
  if (wants === undefined) return false;
  return typeof wants === 'function' ? wants(settings) : wants;
}

/** Injection token of the list of all registered provider types. */
export const PROVIDERS = Symbol('PROVIDERS');
