import type { Provider } from '../providers/contract/provider.js';
import type { ProviderInstance } from '../providers/contract/provider-instance.js';

/** One place a request may be sent to. */
export interface RouteTarget {
  readonly provider: Provider;
  readonly instance: ProviderInstance;
  /** The vendor's own model id. */
  readonly model: string;
}
