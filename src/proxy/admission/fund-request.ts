import { ApiError } from '../../common/errors/api-error.js';
import type { Budgets } from '../../limits/budgets/budgets.js';
import { NOTHING_HELD, type Hold } from '../../limits/budgets/hold.js';
import type { RouteTarget } from '../../routing/route-target.js';
import type { Exchange } from '../exchange.js';
import type { RouteBase, RouteInput } from '../route.js';
import { spendTargetOf } from './spend-target-of.js';

/** A request that is let in and has no money yet. */
export interface UnfundedRequest {
  readonly route: Pick<RouteBase<RouteInput>, 'isFree' | 'takesMaximum'>;
  readonly exchange: Pick<Exchange, 'principal' | 'signal' | 'endedBecause'>;
  readonly input: RouteInput;
  /** In the order in which they are to be tried; never empty. */
  readonly targets: readonly RouteTarget[];
}

/** A request whose money is held. */
export interface FundedRequest {
  readonly hold: Hold;
  /** From the one that the money is held for on. */
  readonly targets: readonly RouteTarget[];
}

/**
 * Holds the money for the first of the targets whose budgets have it. Rejects with the `ApiError`
 * of `Budgets.hold`.
 */
export function fundRequest(
  budgets: Budgets,
  request: UnfundedRequest,
): FundedRequest | Promise<FundedRequest> {
  const { route, exchange, input, targets } = request;
  if (route.isFree === true) return { hold: NOTHING_HELD, targets };
  const held = budgets.hold({
    principal: exchange.principal,
    target: spendTargetOf(targets[0] as RouteTarget, input),
    stream: input.stream,
    inputCharacters: input.characters,
    countsTokens: input.estimates !== false,
    maxOutputTokens: input.maxOutputTokens,
    answers: input.answers,
    takesMaximum: route.takesMaximum !== false,
    units: input.mostUnits,
    signal: exchange.signal,
  });
  if (!(held instanceof Promise)) return { hold: held, targets };
  return held.then(
    (hold) => ({ hold, targets }),
    (error: unknown) => {
      if (exchange.endedBecause !== undefined) throw exchange.endedBecause;
      const others = targets.slice(1);
      if (others.length === 0 || !isOutOfMoney(error)) throw error;
      return fundRequest(budgets, { ...request, targets: others });
    },
  );
}

/** Of this target's provider, or of a caller who has none for any. */
function isOutOfMoney(error: unknown): boolean {
  return error instanceof ApiError && error.code === 'insufficient_quota';
}
