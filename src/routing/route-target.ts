import type { RejectionReason } from '../providers/contract/provider-error.js';
import type { Provider } from '../providers/contract/provider.js';
import type { ProviderInstance } from '../providers/contract/provider-instance.js';

/** One place a request may be sent to. */
export interface RouteTarget {
  readonly provider: Provider;
  readonly instance: ProviderInstance;
  /** The vendor's own model id. */
  readonly model: string;
  /** What it is there for, where it is none of the model's own targets. */
  readonly via?: 'fallback' | RejectionReason;
  /** The further model that it belongs to, of a request that names several. */
  readonly furtherModel?: string;
  /** As many output tokens, over all choices, as may be asked for, where the money does not reach for more. */
  readonly maxOutputTokens?: number | undefined;
}

/** One of those that a strategy chooses from. */
export interface WeightedTarget extends RouteTarget {
  readonly weight: number;
  readonly tags: readonly string[];
}

export function addressOf({ instance, model }: RouteTarget): string {
  return `${instance.name}/${model}`;
}
