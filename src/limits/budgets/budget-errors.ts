import { ApiError } from '../../common/errors/api-error.js';
import { END_OF_TIME } from '../rules/budget-period.js';
import type { BudgetScope } from '../rules/budget-rule.js';
import type { BudgetPool } from './budget-pool.js';

const WHOSE: Record<BudgetScope, string> = {
  key: 'this API key',
  client: 'this client',
  provider: 'the provider of this model',
  global: 'this installation',
};

/** How soon a client may try again when money is only set aside. */
const RETRY_AFTER_MS = 1000;

/** The money is spent. Names whose it was and when there is more, and nothing of anybody's figures. */
export function budgetSpent({ subject, period }: BudgetPool): ApiError {
  const reset =
    period.end === END_OF_TIME
      ? 'it does not reset by itself'
      : `it resets at ${new Date(period.end).toISOString()}`;
  return new ApiError(
    'insufficient_quota',
    `The budget of ${WHOSE[subject.scope]} does not cover this request; ${reset}.`,
  );
}

/** Other requests hold the money, and may give some of it back. */
export function budgetHeld({ subject }: BudgetPool): ApiError {
  return new ApiError(
    'rate_limit_exceeded',
    `The rest of the budget of ${WHOSE[subject.scope]} is set aside for requests in flight.`,
    { retryAfterMs: RETRY_AFTER_MS },
  );
}

export function tooManyWaiting(): ApiError {
  return new ApiError(
    'rate_limit_exceeded',
    'Too many requests wait for a budget that is nearly used up.',
    { retryAfterMs: RETRY_AFTER_MS },
  );
}

export function noPrice({ subject }: BudgetPool, model: string): ApiError {
  return new ApiError(
    'insufficient_quota',
    `The model '${model}' has no price, and ${WHOSE[subject.scope]} has a budget: state a price of the model in the configuration.`,
    { param: 'model' },
  );
}

export function grantsUnavailable(cause: unknown): ApiError {
  return new ApiError(
    'ledger_unavailable',
    'Budgets cannot be checked at the moment, so the request was not carried out.',
    { cause, retryAfterMs: RETRY_AFTER_MS },
  );
}
