import type { Principal } from '../../auth/principal.js';
import type { BudgetScope } from '../rules/budget-rule.js';

/** Whom a budget is about, as the tables of budgets name it. */
export interface BudgetSubject {
  readonly scope: BudgetScope;
  /** Client id, key id or instance name; empty for `global`. */
  readonly scopeId: string;
}

const names = new WeakMap<BudgetSubject, string>();

export function nameOf(subject: BudgetSubject): string {
  const known = names.get(subject);
  if (known !== undefined) return known;
  const name = `${subject.scope}:${subject.scopeId}`;
  names.set(subject, name);
  return name;
}

type Caller = Pick<Principal, 'keyId' | 'clientId'>;

const GLOBAL: BudgetSubject = { scope: 'global', scopeId: '' };
/** A principal is shared by all requests of its key. */
const subjectsOf = new WeakMap<Caller, readonly BudgetSubject[]>();

/** Everyone in whose budget a request of `principal` counts, whatever provider answers it. */
export function callerSubjects(principal: Caller): readonly BudgetSubject[] {
  const known = subjectsOf.get(principal);
  if (known !== undefined) return known;
  const subjects: readonly BudgetSubject[] = [
    { scope: 'key', scopeId: principal.keyId },
    { scope: 'client', scopeId: principal.clientId },
    GLOBAL,
  ];
  subjectsOf.set(principal, subjects);
  return subjects;
}

/** Of instances of the configuration, so there are few. */
const providers = new Map<string, BudgetSubject>();

export function providerSubject(instance: string): BudgetSubject {
  let subject = providers.get(instance);
  if (subject === undefined) {
    subject = { scope: 'provider', scopeId: instance };
    providers.set(instance, subject);
  }
  return subject;
}
