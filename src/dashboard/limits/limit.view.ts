import type { LimitScope, RuleSource } from '../../limits/rules/limit-rule.js';
import type { IdentifiedLimit } from '../../limits/rules/rule-set.js';

/** A limit as the API shows it. */
export class LimitView {
  id!: string;
  scope!: LimitScope;
  scopeId!: string;
  endpoint!: string | null;
  requestsPerMinute!: number | null;
  tokensPerMinute!: number | null;
  maxConcurrent!: number | null;
  /** Those of `config` are changed in the configuration file only. */
  source!: RuleSource;
}

export class LimitPage {
  items!: LimitView[];
  /** Null on the last page. */
  nextCursor!: string | null;
}

export function limitView(limit: IdentifiedLimit): LimitView {
  return {
    id: limit.id,
    scope: limit.scope,
    scopeId: limit.scopeId,
    endpoint: limit.endpoint ?? null,
    requestsPerMinute: limit.requestsPerMinute ?? null,
    tokensPerMinute: limit.tokensPerMinute ?? null,
    maxConcurrent: limit.maxConcurrent ?? null,
    source: limit.source,
  };
}
