import { Injectable } from '@nestjs/common';
import type { Principal } from '../../auth/principal.js';
import { OPEN_PERMIT, type Permit } from './permit.js';

/** A request that asks to be let in. */
export interface RateAsk {
  readonly principal: Principal;
  /** Its dialect, as the ledger names it. */
  readonly endpoint: string;
  /** The name that the client asks for. */
  readonly model: string;
  /** Input and output that it is expected to use. */
  readonly tokens: number;
  /** Ends a wait in the queue. */
  readonly signal: AbortSignal;
}

/** Lets requests in as fast as the limits of their key, client, endpoint, model and of all allow. */
@Injectable()
export class RateLimits {
  /** Slots of limits on concurrency that are taken at the moment. */
  get heldSlots(): number {
    return 0;
  }

  /** Requests that wait for their turn. */
  get queued(): number {
    return 0;
  }

  /**
   * Takes a place in every limit that concerns the request, or in none.
   * @throws ApiError `rate_limit_exceeded`
   */
  admit(_ask: RateAsk): Permit | Promise<Permit> {
    return OPEN_PERMIT;
  }
}
