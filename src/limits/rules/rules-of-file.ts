import { createHash } from 'node:crypto';
import { scaleDecimalExactly } from '../../catalog/decimal.js';
import type { Secret } from '../../common/secret.js';
import type { ConfigurationFile, FileBudget, FileLimits } from '../../config/configuration-file.js';
import type { BudgetRule, BudgetScope } from './budget-rule.js';
import type { LimitScope, RateLimits } from './limit-rule.js';
import type { IdentifiedLimit, RuleSet } from './rule-set.js';

const NANO_DIGITS = 9;

/** What the file's names stand for in the database. */
export interface FileIds {
  /** Undefined while the client of that name is not stored yet. */
  clientId(name: string): string | undefined;
  keyId(key: Secret): string;
}

type FileCaller = Pick<ConfigurationFile['clients'][number], 'limits' | 'budget'>;

/** The limits and budgets that the configuration file states. */
export function rulesOfFile(
  file: ConfigurationFile,
  ids: FileIds,
): Pick<RuleSet, 'limits' | 'budgets'> {
  const limits: IdentifiedLimit[] = [];
  const budgets: BudgetRule[] = [];

  const addCaller = (scope: BudgetScope, scopeId: string, { limits: own, budget }: FileCaller) => {
    limits.push(...limitsOf(scope, scopeId, own));
    for (const [endpoint, figures] of Object.entries(own?.endpoints ?? {})) {
      limits.push(...limitsOf(scope, scopeId, figures, endpoint));
    }
    budgets.push(...budget.map((each) => budgetOf(scope, scopeId, each)));
  };

  addCaller('global', '', file);
  for (const [name, figures] of Object.entries(file.limits?.models ?? {})) {
    limits.push(...limitsOf('model', name, figures));
  }
  for (const { name, limits: own } of file.models) limits.push(...limitsOf('model', name, own));
  for (const { name, limits: own, budget } of file.providers) {
    limits.push(...limitsOf('provider', name, own));
    budgets.push(...budget.map((each) => budgetOf('provider', name, each)));
  }
  for (const client of file.clients) {
    const clientId = ids.clientId(client.name);
    if (clientId !== undefined) addCaller('client', clientId, client);
    for (const entry of client.apiKeys) {
      if (entry.limits === undefined && entry.budget.length === 0) continue;
      addCaller('key', ids.keyId(entry.key), entry);
    }
  }
  return { limits, budgets };
}

/** One rule, or none where no figure is given. */
function limitsOf(
  scope: LimitScope,
  scopeId: string,
  figures: FileLimits | undefined,
  endpoint?: string,
): IdentifiedLimit[] {
  const { requestsPerMinute, tokensPerMinute, maxConcurrent } = figures ?? {};
  const given: RateLimits = { requestsPerMinute, tokensPerMinute, maxConcurrent };
  if (Object.values(given).every((figure) => figure === undefined)) return [];
  const id = fileId('limit', scope, scopeId, endpoint ?? '');
  return [
    {
      id,
      scope,
      scopeId,
      ...(endpoint === undefined ? {} : { endpoint }),
      ...given,
      source: 'config',
    },
  ];
}

function budgetOf(scope: BudgetScope, scopeId: string, budget: FileBudget): BudgetRule {
  const { period, timeZone } = budget;
  return {
    id: fileId('budget', scope, scopeId, period, timeZone),
    scope,
    scopeId,
    limitNanoUsd: scaleDecimalExactly(budget.usd, NANO_DIGITS),
    period,
    timeZone,
    alertPercents: budget.alerts,
    source: 'config',
  };
}

/** Follows from what the rule is about, so that it is the same in every process and after a restart. */
function fileId(kind: 'limit' | 'budget', ...parts: readonly string[]): string {
  const digest = createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 24);
  return `${kind}_file_${digest}`;
}
