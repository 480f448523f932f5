import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { merge, type Subscription } from 'rxjs';
import type { Principal } from '../../auth/principal.js';
import type { LimitRule, LimitScope } from '../rules/limit-rule.js';
import { LimitRules } from '../rules/limit-rules.js';
import { UnusualUse } from '../unusual/unusual-use.js';
import type { Limit, LimitKind } from './limit.js';

const KINDS: readonly [LimitKind, 'requestsPerMinute' | 'tokensPerMinute' | 'maxConcurrent'][] = [
  ['requests', 'requestsPerMinute'],
  ['tokens', 'tokensPerMinute'],
  ['slots', 'maxConcurrent'],
];

const MOST_PLANS = 10_000;

/** The limits that hold for requests of one kind, found once per change of the rules. */
@Injectable()
export class LimitPlans implements OnModuleDestroy {
  readonly #plans = new LRUCache<string, readonly Limit[]>({ max: MOST_PLANS });
  readonly #changes: Subscription;

  constructor(
    private readonly rules: LimitRules,
    private readonly unusual: UnusualUse,
  ) {
    this.#changes = merge(rules.changes, unusual.changes).subscribe(() => this.#plans.clear());
  }

  onModuleDestroy(): void {
    this.#changes.unsubscribe();
  }

  /**
   * @param name the same for requests that meet the same limits, and for no others
   * @param model undefined where its limits hold at each attempt
   */
  forRequest(
    name: string,
    { keyId, clientId }: Principal,
    endpoint: string,
    model: string | undefined,
  ): readonly Limit[] {
    return this.#plan(name, () => {
      const unusual = this.unusual.limitOf(clientId);
      const set = compile(
        [
          ...this.#rulesOf('key', keyId),
          ...this.#rulesOf('client', clientId),
          ...(model === undefined ? [] : this.#rulesOf('model', model)),
          ...this.#rulesOf('global', ''),
        ],
        endpoint,
      );
      return unusual === undefined ? set : [...set, unusual];
    });
  }

  /** Of one attempt at a provider instance. */
  forTarget(instance: string, model: string, endpoint: string): readonly Limit[] {
    return this.#plan(`target ${instance} ${endpoint} ${model}`, () =>
      compile(
        [...this.#rulesOf('provider', instance), ...this.#rulesOf('model', `${instance}/${model}`)],
        endpoint,
      ),
    );
  }

  #rulesOf(scope: LimitScope, scopeId: string): readonly LimitRule[] {
    return this.rules.limitsOf(scope, scopeId);
  }

  #plan(name: string, make: () => readonly Limit[]): readonly Limit[] {
    const known = this.#plans.get(name);
    if (known !== undefined) return known;
    const plan = make();
    this.#plans.set(name, plan);
    return plan;
  }
}

/** Two rules on one subject, of the file and of a person, count the same requests: the lower one holds. */
function compile(rules: readonly LimitRule[], endpoint: string): readonly Limit[] {
  const limits = new Map<string, Limit>();
  for (const rule of rules) {
    if (rule.endpoint !== undefined && rule.endpoint !== endpoint) continue;
    for (const [kind, member] of KINDS) {
      const most = rule[member];
      if (most === undefined) continue;
      const id = `${kind}:${rule.scope}:${rule.endpoint ?? ''}:${rule.scopeId}`;
      const other = limits.get(id);
      if (other !== undefined && other.most <= most) continue;
      const { scope, scopeId } = rule;
      limits.set(id, { id, kind, most, scope, scopeId, endpoint: rule.endpoint });
    }
  }
  return [...limits.values()];
}
