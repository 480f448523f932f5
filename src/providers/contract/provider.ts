import type { Observable } from 'rxjs';
import type { ZodType } from 'zod';
import type { ChatChunk, ChatRequest, ChatResponse } from '../chat/chat.js';
import type { Authentication, BreakerSettings } from './provider-instance.js';
import type { Target } from './target.js';

/** The protocols clients speak. A vendor that speaks one itself gets the body as it came. */
export type Dialect = 'chat' | 'messages' | 'responses' | 'completions';

/** A model as its vendor or its module describes it. */
export interface ProviderModel {
  readonly id: string;
  /** Unix seconds. */
  readonly created?: number;
  readonly ownedBy?: string;
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
  /** Vendor-specific keys that the configuration may set on an instance. */
  readonly settings?: ZodType<Record<string, unknown>>;

  /** One answer. Rejects with `ProviderError`. */
  chat(request: ChatRequest, target: Target): Promise<ChatResponse>;

  /**
   * Cold: nothing is sent before the subscription, and unsubscribing aborts upstream. Errors with
   * `ProviderError`. Completes only when the vendor's answer was whole; emits the call's usage at
   * most once, as its last value.
   */
  streamChat(request: ChatRequest, target: Target): Observable<ChatChunk>;

  /** The models this instance offers. Rejects with `ProviderError`. */
  listModels?(target: Target): Promise<readonly ProviderModel[]>;
}

/** Injection token of the list of all registered provider types. */
export const PROVIDERS = Symbol('PROVIDERS');
