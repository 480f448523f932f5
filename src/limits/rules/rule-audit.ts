import type { Change } from '../../audit/audit-log.js';
import type { BudgetRule } from './budget-rule.js';
import type { IdentifiedLimit } from './rule-set.js';

type Verb = 'create' | 'update' | 'delete';

/** A change of a limit as the audit shows it; one of both states is given at least. */
export function limitAudit(
  verb: Verb,
  before: IdentifiedLimit | undefined,
  after: IdentifiedLimit | undefined,
): Change {
  return change('limit', verb, before, after);
}

/** The same of a budget. */
export function budgetAudit(
  verb: Verb,
  before: BudgetRule | undefined,
  after: BudgetRule | undefined,
): Change {
  return change('budget', verb, before, after);
}

function change<Rule extends { id: string; scope: string; scopeId: string }>(
  type: 'limit' | 'budget',
  verb: Verb,
  before: Rule | undefined,
  after: Rule | undefined,
): Change {
  const { id, scope, scopeId } = (after ?? before) as Rule;
  const name = scopeId === '' ? scope : `${scope} ${scopeId}`;
  return { action: `${type}.${verb}`, subject: { type, id, name }, before, after };
}
