import { ApiError } from '../../common/errors/api-error.js';
import type { BudgetChange } from '../../limits/rules/budgets.service.js';
import { parseNanoUsd, parseUsd } from '../../limits/rules/parse-budget-amount.js';
import type { BudgetChangeBody } from './budget.dto.js';

/** Throws `invalid_value` with `param` for an amount that is none. */
export function budgetChangeOf(body: BudgetChangeBody): BudgetChange {
  return {
    limitNanoUsd: amountOf(body),
    period: body.period,
    timeZone: body.timeZone,
    alertPercents: body.alerts && [...new Set(body.alerts)].toSorted((one, other) => one - other),
  };
}

function amountOf({ limitUsd, limitNanoUsd }: BudgetChangeBody): number | undefined {
  if (limitUsd !== undefined && limitNanoUsd !== undefined) {
    throw new ApiError('invalid_value', 'Give limitUsd or limitNanoUsd, not both.', {
      param: 'limitNanoUsd',
    });
  }
  if (limitUsd !== undefined) return parseUsd(limitUsd, 'limitUsd');
  return limitNanoUsd === undefined ? undefined : parseNanoUsd(limitNanoUsd, 'limitNanoUsd');
}
