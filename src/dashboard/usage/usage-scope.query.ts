import { IsOptional, IsString, MaxLength } from 'class-validator';
import type { UsageScope } from '../../usage/queries/usage-scope.js';
import { UsageRangeQuery } from './usage-range.query.js';

/** When, and whose usage. */
export class UsageScopeQuery extends UsageRangeQuery {
  /** Id of a client. */
  @IsOptional()
  @IsString()
  @MaxLength(40)
  client?: string;

  /** Id of an API key. */
  @IsOptional()
  @IsString()
  @MaxLength(24)
  key?: string;

  /** Name of a provider instance. */
  @IsOptional()
  @IsString()
  @MaxLength(64)
  provider?: string;

  /** The provider's own name of a model, without the provider. */
  @IsOptional()
  @IsString()
  @MaxLength(255)
  model?: string;
}

export function scopeOf({ client, key, provider, model }: UsageScopeQuery): UsageScope {
  return { clientId: client, apiKeyId: key, provider, model };
}
