import { PriceFormatError, scaleDecimalExactly } from '../../catalog/decimal.js';
import { ApiError } from '../../common/errors/api-error.js';
import { MAX_BUDGET_USD } from '../../config/limit-values.js';

const NANO_DIGITS = 9;

/** Nano-USD of an amount in USD, exactly. Throws `invalid_value` with `param`. */
export function parseUsd(value: unknown, param: string): number {
  return parse(value, NANO_DIGITS, {
    param,
    rule: `must be an amount in USD such as 5.00, from 0 to ${MAX_BUDGET_USD}, with at most 9 decimals`,
  });
}

/** A count of nano-USD. Throws `invalid_value` with `param`. */
export function parseNanoUsd(value: unknown, param: string): number {
  return parse(value, 0, {
    param,
    rule: `must be a whole number of nano-USD, from 0 to ${MAX_BUDGET_USD}000000000`,
  });
}

function parse(
  value: unknown,
  decimals: number,
  { param, rule }: { param: string; rule: string },
): number {
  const refusal = (cause?: unknown) =>
    new ApiError('invalid_value', `${param} ${rule}.`, { param, cause });
  if (typeof value !== 'string' && typeof value !== 'number') throw refusal();
  const nanoUsd = scale(value, decimals, refusal);
  if (nanoUsd > MAX_BUDGET_USD * 10 ** NANO_DIGITS) throw refusal();
  return nanoUsd;
}

function scale(
  value: string | number,
  decimals: number,
  refusal: (cause: unknown) => ApiError,
): number {
  try {
    return scaleDecimalExactly(value, decimals);
  } catch (error) {
    if (error instanceof PriceFormatError) throw refusal(error);
    throw error;
  }
}
