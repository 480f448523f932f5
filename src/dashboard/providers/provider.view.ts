/** What instances of the type can do for clients. */
export class ProviderCapabilitiesView {
  /** Dialects of clients that the vendor speaks itself; the others are translated. */
  dialects!: ('chat' | 'messages' | 'responses' | 'completions')[];
  embeddings!: boolean;
  /** Whether it can be asked for its models. */
  listsModels!: boolean;
  /** Further endpoints, such as `images/generations`. */
  endpoints!: string[];
}

/** Milliseconds. */
export class TimeoutsView {
  connectMs!: number;
  firstByteMs!: number;
  idleMs!: number;
  totalMs!: number;
}

export class RetriesView {
  maxAttempts!: number;
  baseMs!: number;
}

/** The tightest figures for the instance as a whole; null is unlimited. Set under `/api/limits`. */
export class ProviderLimitsView {
  requestsPerMinute!: number | null;
  tokensPerMinute!: number | null;
  maxConcurrent!: number | null;
}

/** A provider instance. */
export class ProviderView {
  name!: string;
  type!: string;
  /** Who made it; only `stored` ones can be changed here. */
  source!: 'file' | 'environment' | 'stored' | 'demo';
  /** What manages it instead of people, such as `llm-proxy.yaml`; null where people do. */
  managedBy!: string | null;
  /** Null where it has none that is usable. */
  baseUrl!: string | null;
  preset!: string | null;
  /** Masked, such as `sk-…abcd`. */
  keys!: string[];
  enabled!: boolean;
  /** Why it is not in force although it is enabled. */
  problems!: string[];
  capabilities!: ProviderCapabilitiesView;
  /** Models that are listed for it. */
  models!: number;
  breaker!: 'closed' | 'half-open' | 'open';
  health!: 'healthy' | 'degraded' | 'disabled' | 'off';
  /** Whether its health is found out, or was decided by hand. */
  mode!: 'auto' | 'on' | 'off';
  limits!: ProviderLimitsView;
  timeouts!: TimeoutsView;
  retries!: RetriesView;
  /** Connections that may be open. */
  maxConnections!: number;
  disconnect!: 'cancel' | 'drain';
  /** Milliseconds. */
  drainMs!: number;
  settings!: Record<string, unknown>;
}

export class ProviderPage {
  items!: ProviderView[];
  /** Null on the last page. */
  nextCursor!: string | null;
}
