import { IsOptional } from 'class-validator';
import { ApiError } from '../../common/errors/api-error.js';
import { epochMsOf } from '../../common/time/day-or-time.js';
import type { TimeRange } from '../../usage/queries/time-cover.js';
import { IsDayOrTime } from '../is-day-or-time.js';

const DAY_MS = 86_400_000;
/** The last time that there is a date for. */
const END_OF_TIME = 8.64e15;

/** When. */
export class UsageRangeQuery {
  /** ISO 8601, inclusive; UTC where it names no offset. A day before `to` when absent, everything in lists. */
  @IsOptional()
  @IsDayOrTime()
  from?: string;

  /** ISO 8601, exclusive; UTC where it names no offset. Now when absent. */
  @IsOptional()
  @IsDayOrTime()
  to?: string;
}

/**
 * The last day where nothing is said.
 * @throws ApiError `invalid_value` for a range that ends before it begins
 */
export function rangeOf({ from, to }: UsageRangeQuery): TimeRange {
  const end = to === undefined ? Date.now() : epochMsOf(to);
  return checked({ from: from === undefined ? end - DAY_MS : epochMsOf(from), to: end });
}

/** The same, with everything where nothing is said. */
export function wholeRangeOf({ from, to }: UsageRangeQuery): TimeRange {
  return checked({
    from: from === undefined ? 0 : epochMsOf(from),
    to: to === undefined ? END_OF_TIME : epochMsOf(to),
  });
}

function checked(range: TimeRange): TimeRange {
  if (range.from <= range.to) return range;
  throw new ApiError('invalid_value', 'from must not be after to.', { param: 'from' });
}
