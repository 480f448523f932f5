/** What the server said when it refused, or that it could not be asked. `message` may be shown. */
export class ApiFailure extends Error {
  override readonly name = 'ApiFailure';
  /** HTTP status; 0 when no answer came. */
  readonly status: number;
  /** As in the error table of the API; `network` and `timeout` when no answer came. */
  readonly code: string;
  /** The field of the request that was wrong, where one was. */
  readonly param: string | undefined;
  /** For a look into the log. */
  readonly requestId: string | undefined;

  constructor(
    message: string,
    facts: {
      status: number;
      code: string;
      param?: string | undefined;
      requestId?: string | undefined;
      cause?: unknown;
    },
  ) {
    super(message, { cause: facts.cause });
    this.status = facts.status;
    this.code = facts.code;
    this.param = facts.param;
    this.requestId = facts.requestId;
  }

  /** Whether asking again may help. */
  get isPassing(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}

/** Reads the error of an answer that is not ok, whatever stands between us and the server wrote it. */
export async function readFailure(response: Response): Promise<ApiFailure> {
  const requestId = response.headers.get('x-request-id') ?? undefined;
  const body: unknown = await response.json().catch(() => undefined);
  const { message, code, param } = errorOf(body);
  return new ApiFailure(message ?? `The server answered ${response.status}.`, {
    status: response.status,
    code: code ?? 'unreadable',
    param: param ?? undefined,
    requestId,
  });
}

/** A failure to get any answer, as `fetch` throws it. An abort by the caller stays what it is. */
export function failureOf(thrown: unknown): unknown {
  if (thrown instanceof ApiFailure) return thrown;
  if (thrown instanceof DOMException && thrown.name === 'TimeoutError') {
    return new ApiFailure('The server took too long to answer.', {
      status: 0,
      code: 'timeout',
      cause: thrown,
    });
  }
  if (thrown instanceof TypeError) {
    return new ApiFailure('The server could not be reached.', {
      status: 0,
      code: 'network',
      cause: thrown,
    });
  }
  return thrown;
}

function errorOf(body: unknown): { message?: string; code?: string; param?: string | null } {
  if (typeof body !== 'object' || body === null || !('error' in body)) return {};
  const { error } = body;
  return typeof error === 'object' && error !== null ? error : {};
}
