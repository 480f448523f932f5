/** What a breaker has in common with those of the other processes for the same upstream. */
export interface BreakerShare {
  /** Whether this process may probe; false while another one does. Never rejects. */
  claimProbe(): Promise<boolean>;
  /** The probe has an outcome, or none. */
  releaseProbe(): void;
  opened(forMs: number): void;
  closed(): void;
}

/** A breaker as the other processes see it. */
export interface SharedBreaker {
  /** Another process found the upstream failing. */
  openedElsewhere(forMs: number): void;
  /** Another process found it well, or was told so by hand. */
  closedElsewhere(): void;
}

/** Ties the breakers of all processes together. */
export interface BreakerSharing {
  /** `upstream` is the same text in every process for the same upstream. */
  join(upstream: string, breaker: SharedBreaker): BreakerShare;
  leave(upstream: string, breaker: SharedBreaker): void;
}

/** Injection token of the `BreakerSharing`; undefined when each process stands for itself. */
export const BREAKER_SHARING = Symbol('BREAKER_SHARING');
