/** What one hour showed. */
export class ProviderHourView {
  /** ISO 8601, inclusive. */
  from!: string;
  requests!: number;
  errors!: number;
  /** Mean of whole answers, in milliseconds; null where nothing was measured. */
  latencyMs!: number | null;
  /** Mean time to the first chunk of streams, in milliseconds. */
  firstChunkMs!: number | null;
}

export class HealthChangeView {
  /** ISO 8601. */
  at!: string;
  /** Null where it is about the instance as a whole. */
  model!: string | null;
  state!: 'healthy' | 'degraded' | 'disabled' | 'off';
}

/** How one model of the instance does, as far as this process has called it. */
export class TargetHealthView {
  model!: string;
  state!: 'healthy' | 'degraded' | 'disabled' | 'off';
  /** Share of failed calls of late, 0 to 1. */
  errorRate!: number;
  inFlight!: number;
  /** Milliseconds; null when nothing recent is known. */
  firstChunkMs!: number | null;
  latencyMs!: number | null;
  /** Milliseconds for which it asked not to be called. */
  pausedForMs!: number;
}

export class ProviderHealthView {
  provider!: string;
  state!: 'healthy' | 'degraded' | 'disabled' | 'off';
  mode!: 'auto' | 'on' | 'off';
  /** ISO 8601: of the last change of its state, or of the start of this process. */
  since!: string;
  breaker!: 'closed' | 'half-open' | 'open';
  /** Why it is not simply healthy. */
  reasons!: (
    | 'switched_off'
    | 'kept_on'
    | 'breaker_open'
    | 'models_degraded'
    | 'models_disabled'
    | 'probes_failed'
    | 'paused'
  )[];
  /** Kind of the last failure since the start of this process; null when there was none. */
  lastError!: string | null;
  targets!: TargetHealthView[];
  /** Hours that had requests, from the ledger, oldest first. */
  hours!: ProviderHourView[];
  /** Of this process since its start, newest first. */
  changes!: HealthChangeView[];
}
