import type { EntityManager } from 'typeorm';
import { ApiKey } from '../../clients/api-key.entity.js';
import { Client } from '../../clients/client.entity.js';
import { ApiError } from '../../common/errors/api-error.js';
import type { Configuration } from '../../config/configuration.js';
import type { LimitScope } from './limit-rule.js';

/** Whom a rule is about. */
export interface RuleSubject {
  readonly scope: LimitScope;
  /** Client id, key id, instance name or model name; empty for `global`. */
  readonly scopeId: string;
}

const MAX_MODEL_LENGTH = 255;

/**
 * Throws `invalid_value` for a subject that does not exist: a rule about it would hold nobody. A
 * model may be any name, because vendors have more than we know.
 */
export async function refuseUnknownSubject(
  manager: EntityManager,
  configuration: Configuration,
  { scope, scopeId }: RuleSubject,
): Promise<void> {
  if ((scope === 'global') !== (scopeId === '')) {
    throw invalid(scope === 'global' ? 'A global rule has none.' : `Say which ${scope}.`);
  }
  if (scope === 'client' && !(await manager.existsBy(Client, { id: scopeId }))) {
    throw invalid('There is no such client.');
  }
  if (scope === 'key' && !(await manager.existsBy(ApiKey, { id: scopeId }))) {
    throw invalid('There is no such API key.');
  }
  if (scope === 'provider' && !configuration.providers().some(({ name }) => name === scopeId)) {
    throw invalid('There is no such provider instance.');
  }
  if (scope === 'model' && (/[\s\p{Cc}]/u.test(scopeId) || scopeId.length > MAX_MODEL_LENGTH)) {
    throw invalid(`A model has 1 to ${MAX_MODEL_LENGTH} characters without spaces.`);
  }
}

function invalid(message: string): ApiError {
  return new ApiError('invalid_value', message, { param: 'scopeId' });
}
