import { IsIn, IsInt, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';
import { ENDPOINTS, type Endpoint } from '../../config/endpoints.js';
import { MAX_CONCURRENT, MAX_PER_MINUTE } from '../../config/limit-values.js';
import { LIMIT_SCOPES, type LimitScope } from '../../limits/rules/limit-rule.js';
import type { NewLimit } from '../../limits/rules/limits.service.js';

/** Body of `PUT /api/limits`. A figure that is absent or null is unlimited; 0 lets nothing through. */
export class LimitBody {
  @IsIn(LIMIT_SCOPES)
  scope!: LimitScope;

  /** Client id, key id, instance name or model name; absent for `global`. */
  @IsOptional()
  @IsString()
  @MaxLength(255)
  scopeId?: string | null;

  @IsOptional()
  @IsIn(ENDPOINTS)
  endpoint?: Endpoint | null;

  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(MAX_PER_MINUTE)
  requestsPerMinute?: number | null;

  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(MAX_PER_MINUTE)
  tokensPerMinute?: number | null;

  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(MAX_CONCURRENT)
  maxConcurrent?: number | null;
}

export function newLimitOf(body: LimitBody): NewLimit {
  return {
    scope: body.scope,
    scopeId: body.scopeId ?? '',
    endpoint: body.endpoint ?? undefined,
    requestsPerMinute: body.requestsPerMinute ?? undefined,
    tokensPerMinute: body.tokensPerMinute ?? undefined,
    maxConcurrent: body.maxConcurrent ?? undefined,
  };
}
