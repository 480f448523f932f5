import type { ProviderError } from '../../providers/contract/provider-error.js';

/** What a call that has ended says of its target. Times in milliseconds. */
export interface EndedCall {
  readonly instance: string;
  readonly model: string;
  readonly isStream: boolean;
  /** From the start to the first value; undefined when there was none. */
  readonly firstValueMs: number | undefined;
  readonly durationMs: number;
  /**
   * - `ok`: answered, if only that the request is at fault
   * - `failed`: the target did not do what it is there for
   * - `rate_limited`: it turned the call away for the moment
   * - `none`: it was broken off, or not made at all
   */
  readonly verdict: Verdict;
  readonly error: unknown;
}

export type Verdict = 'ok' | 'failed' | 'rate_limited' | 'none';

/** A call that is under way. Nothing of it throws; what is done twice counts once. */
export interface TargetCall {
  /** It gave its first value. */
  first(): void;
  /** @param error why, when it failed; an unsubscribed call ends with `aborted` */
  end(error?: unknown): void;
}

export function verdictOn(error: unknown): Verdict {
  if (error === undefined) return 'ok';
  switch ((error as ProviderError).kind) {
    case 'rejected':
      return 'ok';
    case 'rate_limited':
      return 'rate_limited';
    // An open breaker is a verdict on calls that were counted already.
    case 'aborted':
    case 'unavailable':
      return 'none';
    case 'auth':
    case 'failed':
    case 'invalid_response':
    case 'timeout':
      return 'failed';
    // Not the upstream's: a translation was refused, say.
    default:
      return 'none';
  }
}
