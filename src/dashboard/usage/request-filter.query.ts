import { Type } from 'class-transformer';
import { IsBoolean, IsIn, IsInt, IsOptional, IsString, Matches, Max, Min } from 'class-validator';
import { parseUsd } from '../../limits/rules/parse-budget-amount.js';
import type { RequestFilter } from '../../usage/requests/request-filter.js';
import { ToBoolean } from '../to-boolean.js';
import { scopeOf, UsageScopeQuery } from './usage-scope.query.js';

export const CLOSED_STATUSES = [
  'ok',
  'error',
  'client_aborted',
  'interrupted',
  'rejected',
] as const;
type ClosedStatus = (typeof CLOSED_STATUSES)[number];

/** Which requests. */
export class RequestFilterQuery extends UsageScopeQuery {
  @IsOptional()
  @IsIn(CLOSED_STATUSES)
  status?: ClosedStatus;

  /** The beginning of their id. */
  @IsOptional()
  @Matches(/^[A-Za-z0-9_-]{1,64}$/)
  requestId?: string;

  /** USD, such as 0.05. */
  @IsOptional()
  @IsString()
  minCost?: string;

  /** Milliseconds. */
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(0)
  @Max(1_000_000_000)
  minLatency?: number;

  @IsOptional()
  @ToBoolean()
  @IsBoolean()
  hasImages?: boolean;

  /** Whether the provider told less than all of their tokens. */
  @IsOptional()
  @ToBoolean()
  @IsBoolean()
  estimated?: boolean;

  @IsOptional()
  @ToBoolean()
  @IsBoolean()
  cacheHit?: boolean;

  @IsOptional()
  @ToBoolean()
  @IsBoolean()
  stream?: boolean;
}

/** @throws ApiError `invalid_value` for an amount that is none */
export function filterOf(query: RequestFilterQuery): RequestFilter {
  const { status, requestId, minCost, minLatency, hasImages, estimated, cacheHit, stream } = query;
  return {
    ...scopeOf(query),
    status,
    idPrefix: requestId,
    minCostNanoUsd: minCost === undefined ? undefined : parseUsd(minCost, 'minCost'),
    minLatencyMs: minLatency,
    hasImages,
    estimated,
    cacheHit,
    stream,
  };
}
