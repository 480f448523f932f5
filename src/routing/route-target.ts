import type { Provider } from '../providers/contract/provider.js';
import type { ProviderInstance } from '../providers/contract/provider-instance.js';

/** One place a request may be sent to. */
export interface RouteTarget {
  readonly provider: Provider;
  readonly instance: ProviderInstance;
  /** The vendor's own model id. */
  readonly model: string;
  /** As many output tokens, over all choices, as may be asked for, where the money does not reach for more. */
  readonly maxOutputTokens?: number | undefined;
}
