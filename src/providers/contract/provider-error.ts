/**
 * Why an upstream call failed, as far as the caller of a provider needs to know.
 *
 * - `rejected`: the upstream found fault with the request (a 4xx that is the client's)
 * - `auth`: it refused our credentials (401, 403 on the key, 402)
 * - `rate_limited`: 429
 * - `failed`: 5xx, a reset connection, an error sent with a 200
 * - `invalid_response`: an answer that cannot be read, or a stream that ended too early
 * - `timeout`: connect, first byte, idle or total
 * - `unavailable`: not called at all, the breaker is open
 * - `aborted`: our caller went away
 */
export type ProviderErrorKind =
  | 'rejected'
  | 'auth'
  | 'rate_limited'
  | 'failed'
  | 'invalid_response'
  | 'timeout'
  | 'unavailable'
  | 'aborted';

/**
 * Why a request was `rejected`, where another model may well take it.
 *
 * - `context_length`: it is longer than the model can read
 * - `content_policy`: what it is about is not served
 */
export type RejectionReason = 'context_length' | 'content_policy';

export interface ProviderErrorOptions {
  reason?: RejectionReason | undefined;
  /** The upstream's HTTP status, when there was one. */
  status?: number;
  /** From every form a vendor gives it in: headers, RetryInfo, message. */
  retryAfterMs?: number;
  /** The vendor's own `type`, `code` and `param`, for errors the client may see as they are. */
  vendorType?: string | null;
  vendorCode?: string | null;
  param?: string | null;
  /** The upstream has certainly not seen the request: there was no connection to it. */
  unsent?: boolean;
  /** The upstream's own request id. */
  upstreamRequestId?: string;
  cause?: unknown;
}

/** The one error a provider or `Upstream` throws. Its message is sanitised: no key, no host, no body dump. */
export class ProviderError extends Error {
  override readonly name = 'ProviderError';
  readonly status: number | undefined;
  readonly retryAfterMs: number | undefined;
  /** Of `rejected` ones only. */
  readonly reason: RejectionReason | undefined;
  readonly vendorType: string | null;
  readonly vendorCode: string | null;
  readonly param: string | null;
  readonly upstreamRequestId: string | undefined;
  readonly unsent: boolean;

  constructor(
    readonly kind: ProviderErrorKind,
    message: string,
    options: ProviderErrorOptions = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.status = options.status;
    this.reason = options.reason;
    this.retryAfterMs = options.retryAfterMs;
    this.vendorType = options.vendorType ?? null;
    this.vendorCode = options.vendorCode ?? null;
    this.param = options.param ?? null;
    this.upstreamRequestId = options.upstreamRequestId;
    this.unsent = options.unsent ?? false;
  }

  /** Whether another target, or the same one later, may answer where this one did not. */
  get retryable(): boolean {
    return this.kind !== 'rejected' && this.kind !== 'aborted';
  }

  /** Whether the upstream has certainly done no work: it was not reached, or it turned us away. */
  get turnedAway(): boolean {
    if (this.unsent || this.kind === 'unavailable') return true;
    return this.kind === 'rate_limited' || this.kind === 'auth';
  }
}
