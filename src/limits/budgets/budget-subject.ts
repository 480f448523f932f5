import type { Principal } from '../../auth/principal.js';
import type { BudgetScope } from '../rules/budget-rule.js';

/** Whom a budget is about, as the tables of budgets name it. */
export interface BudgetSubject {
  readonly scope: BudgetScope;
  /** Client id, key id or instance name; empty for `global`. */
  readonly scopeId: string;
}

export function nameOf({ scope, scopeId }: BudgetSubject): string {
  return `${scope}:${scopeId}`;
}

/** Everyone in whose budget a request of `principal` counts, whatever provider answers it. */
export function callerSubjects({ keyId, clientId }: Pick<Principal, 'keyId' | 'clientId'>) {
  return [
    { scope: 'key', scopeId: keyId },
    { scope: 'client', scopeId: clientId },
    { scope: 'global', scopeId: '' },
  ] as const satisfies readonly BudgetSubject[];
}

export function providerSubject(instance: string): BudgetSubject {
  return { scope: 'provider', scopeId: instance };
}
