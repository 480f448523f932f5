import { API_ERRORS, type ApiErrorCode } from './api-error-table.js';

export interface ApiErrorOptions {
  /** JSON path or field name of the offending value, as OpenAI's `param`. */
  param?: string;
  /** When the caller may come back; becomes `retry-after` and `retry-after-ms`. */
  retryAfterMs?: number;
  /** Further headers of the answer. */
  headers?: Readonly<Record<string, string>>;
  /** Overrides of the table for answers that carry an upstream's own words. */
  status?: number;
  type?: string;
  wireCode?: string | null;
  cause?: unknown;
}

const NO_HEADERS = {};

/**
 * What a caller is told when a request cannot be answered. Thrown where the fact is known and
 * written once, by the filter of the client dialect. The message is shown to the caller: it holds
 * no key, host name, SQL or stack; those belong in `cause`.
 */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: number;
  readonly type: string;
  /** The `code` member on the wire. */
  readonly wireCode: string | null;
  readonly param: string | null;
  readonly retryAfterMs: number | undefined;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    readonly code: ApiErrorCode,
    message: string,
    options: ApiErrorOptions = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    const row = API_ERRORS[code];
    this.status = options.status ?? row.status;
    this.type = options.type ?? row.type;
    this.wireCode = options.wireCode === undefined ? code : options.wireCode;
    this.param = options.param ?? null;
    this.retryAfterMs = options.retryAfterMs;
    this.headers = options.headers ?? NO_HEADERS;
  }
}
