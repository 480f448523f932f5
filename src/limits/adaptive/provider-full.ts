import { ApiError } from '../../common/errors/api-error.js';
import type { NotYet } from '../rates/fair-queue.js';
import { wholeSeconds } from '../rates/limit-headers.js';

/** A provider lets no more calls through at the moment, by what it has said. */
export class ProviderFull implements NotYet {
  constructor(
    private readonly provider: string,
    /** Never infinite. */
    readonly waitMs: number,
  ) {}

  /** `rate_limit_exceeded`. */
  toError(): ApiError {
    const retryAfterMs = Math.ceil(this.waitMs);
    return new ApiError(
      'rate_limit_exceeded',
      `The provider '${this.provider}' takes no more requests at the moment. Try again in ${wholeSeconds(retryAfterMs)} s.`,
      { retryAfterMs },
    );
  }
}
