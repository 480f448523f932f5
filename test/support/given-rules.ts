import { Subject } from 'rxjs';
import { vi } from 'vitest';
import type { LimitRule, OnLimit } from '../../src/limits/rules/limit-rule.js';
import { LimitRules } from '../../src/limits/rules/limit-rules.js';

export type GivenRule = Omit<LimitRule, 'source'>;

/** The rules that a test gives, in place of those of the configuration and the database. */
export class GivenRules {
  readonly #changes = new Subject<void>();
  #rules: readonly LimitRule[] = [];
  #onLimit = new Map<string, OnLimit>();

  /** For every application of this process that is started afterwards, until mocks are restored. */
  static install(): GivenRules {
    const given = new GivenRules();
    const { prototype } = LimitRules;
    vi.spyOn(prototype, 'changes', 'get').mockReturnValue(given.#changes);
    vi.spyOn(prototype, 'limitsOf').mockImplementation((scope, scopeId) =>
      given.#rules.filter((rule) => rule.scope === scope && rule.scopeId === scopeId),
    );
    vi.spyOn(prototype, 'onLimitOf').mockImplementation((id) => given.#onLimit.get(id));
    return given;
  }

  set(...rules: readonly GivenRule[]): void {
    this.#rules = rules.map((rule) => ({ ...rule, source: 'api' }));
    this.#changes.next();
  }

  /** Further rules beside those that are there. */
  add(...rules: readonly GivenRule[]): void {
    this.set(...this.#rules, ...rules);
  }

  queue(clientId: string, queueMs: number): void {
    this.#onLimit.set(clientId, { queueMs });
    this.#changes.next();
  }
}
