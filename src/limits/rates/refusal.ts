import { ApiError } from '../../common/errors/api-error.js';
import type { Limit } from './limit.js';
import type { Standing } from './limit-store.js';
import { limitHeaders, wholeSeconds } from './limit-headers.js';

/** Told where no time will help, because the answer has to name one. */
const NEVER_MS = 60_000;

/** Why a request does not fit in its limits, and when it may. */
export class Refusal {
  readonly #standings: readonly Standing[];
  readonly #tokens: number;
  readonly #worst: Standing;

  /** @param standings at least one of them short */
  constructor(standings: readonly Standing[], tokens: number) {
    this.#standings = standings;
    this.#tokens = tokens;
    this.#worst = standings
      .filter(({ isShort }) => isShort)
      .reduce((worst, each) => (each.waitMs > worst.waitMs ? each : worst));
  }

  /** Until the request fits, as far as it is known; infinite when it never will. */
  get waitMs(): number {
    return this.#worst.waitMs;
  }

  /** It is for the client's use being unusual. */
  get isUnusual(): boolean {
    return this.#worst.limit.isUnusual === true;
  }

  /** `rate_limit_exceeded`. It names the limit and nothing of what others do. */
  toError(): ApiError {
    const { limit, waitMs } = this.#worst;
    const isHopeless = waitMs === Number.POSITIVE_INFINITY;
    return new ApiError('rate_limit_exceeded', describe(this.#worst, this.#tokens), {
      retryAfterMs: isHopeless ? NEVER_MS : waitMs,
      headers: {
        ...limitHeaders(this.#standings),
        ...(isHopeless && limit.most > 0 && { 'x-should-retry': 'false' }),
      },
    });
  }
}

function describe({ limit, waitMs }: Standing, tokens: number): string {
  const where = subjectOf(limit);
  const figure = `${limit.most} ${UNITS[limit.kind]}`;
  if (limit.most === 0) return `Rate limit reached: ${figure} are allowed for ${where}.`;
  if (waitMs === Number.POSITIVE_INFINITY) {
    return `The request may use ${tokens} tokens, more than the limit of ${figure} for ${where}. Ask for fewer output tokens or send less.`;
  }
  const when = limit.kind === 'slots' ? '' : ` Try again in ${wholeSeconds(waitMs)} s.`;
  if (limit.isUnusual === true) {
    return `Unusual use: this client is held to ${figure} because it makes many more than it usually does.${when}`;
  }
  return `Rate limit reached: ${figure} for ${where}.${when}`;
}

const UNITS = {
  requests: 'requests per minute',
  tokens: 'tokens per minute',
  slots: 'concurrent requests',
};

function subjectOf({ scope, scopeId, endpoint }: Limit): string {
  const subject = {
    key: 'this API key',
    client: 'this client',
    model: `the model '${scopeId}'`,
    provider: `the provider '${scopeId}'`,
    global: 'all clients together',
  }[scope];
  return endpoint === undefined ? subject : `${subject} at '${endpoint}'`;
}
