import { Injectable } from '@nestjs/common';
import type { Principal } from '../../auth/principal.js';
import type { ModelAddress } from '../../catalog/catalog-index.js';
import type { UsageUnits } from '../../providers/contract/usage-units.js';
import { NOTHING_HELD, type Hold } from './hold.js';

/** A request that is about to cost money. */
export interface SpendAsk {
  readonly principal: Principal;
  /** Whom it is to be sent to first. */
  readonly target: ModelAddress;
  readonly stream: boolean;
  /** Characters of what a model would read. */
  readonly inputCharacters: number;
  /** Tokens that the caller allows at most, over all choices; undefined where it says nothing. */
  readonly maxOutputTokens: number | undefined;
  /** What is charged beside tokens, at most, as far as the request tells. */
  readonly units?: UsageUnits | undefined;
  /** Ends the wait for money that other requests may give back. */
  readonly signal: AbortSignal;
}

/** Sets money aside before it is spent, so that no budget is ever overshot. */
@Injectable()
export class Budgets {
  /** @throws ApiError `insufficient_quota` */
  hold(_ask: SpendAsk): Hold | Promise<Hold> {
    return NOTHING_HELD;
  }
}
