import { Inject, Injectable } from '@nestjs/common';
import { CLOCK, type Clock } from '../common/clock.js';
import { Configuration } from '../config/configuration.js';
import type { RetrySettings } from '../config/provider-config.js';
import { Upstream } from '../providers/upstream/upstream.js';
import { RetryBudget } from './retry-budget.js';
import type { RouteTarget } from './route-target.js';

/** What the configuration allows requests to try, and what all of them may try together. */
@Injectable()
export class RetryPolicy {
  readonly budget: RetryBudget;
  /** Calls that one request may make over all its targets. */
  readonly maxCalls: number;
  #retries: ReadonlyMap<string, RetrySettings> = new Map();

  constructor(
    private readonly configuration: Configuration,
    private readonly upstream: Upstream,
    @Inject(CLOCK) clock: Clock,
  ) {
    const { retryBudgetPercent, retryMaxCalls } = configuration.environment;
    this.budget = new RetryBudget({ percent: retryBudgetPercent, now: () => clock.now() });
    this.maxCalls = retryMaxCalls;
    this.#readRetries();
    configuration.changes.subscribe(() => this.#readRetries());
  }

  retriesOf({ instance }: RouteTarget): RetrySettings {
    return this.#retries.get(instance.name) ?? NO_RETRIES;
  }

  /** Whether the target may answer to another key than the one that was just refused. */
  hasSpareKey({ instance, model }: RouteTarget): boolean {
    return this.upstream.hasUsableKey(instance, model);
  }

  #readRetries(): void {
    this.#retries = new Map(
      this.configuration.providers().map(({ name, retries }) => [name, retries]),
    );
  }
}

const NO_RETRIES: RetrySettings = { maxAttempts: 1, baseMs: 0 };
