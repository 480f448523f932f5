import { Injectable } from '@nestjs/common';
import { ProviderRegistry } from '../providers/provider-registry.js';
import { Upstream, type BreakerState } from '../providers/upstream/upstream.js';
import { ProviderHealth } from '../routing/health/provider-health.service.js';
import type { TargetState } from '../routing/targets/target-stats.js';

/** `degraded` when some provider is not well, `down` when none can be called. */
export type OverallStatus = 'ok' | 'degraded' | 'down';

export interface ReportedProvider {
  readonly name: string;
  readonly type: string;
  readonly state: TargetState;
  readonly breaker: BreakerState;
  /** Kind of the last failure; null when there was none. */
  readonly lastError: string | null;
  /** ISO 8601, of the last change of its state. */
  readonly since: string;
}

/** How the providers are, without hosts, keys and words of theirs. */
@Injectable()
export class ProviderReport {
  constructor(
    private readonly registry: ProviderRegistry,
    private readonly upstream: Upstream,
    private readonly health: ProviderHealth,
  ) {}

  providers(): readonly ReportedProvider[] {
    return this.registry.all().map(({ instance }) => {
      const { state, lastError, since } = this.health.of(instance.name);
      return {
        name: instance.name,
        type: instance.type,
        state,
        breaker: this.upstream.breakerState(instance),
        lastError: lastError ?? null,
        since: new Date(since).toISOString(),
      };
    });
  }

  statusOf(providers: readonly ReportedProvider[]): OverallStatus {
    if (providers.every(isOut)) return 'down';
    const allWell = providers.every((one) => one.state === 'healthy' && one.breaker === 'closed');
    return allWell ? 'ok' : 'degraded';
  }
}

function isOut({ state, breaker }: ReportedProvider): boolean {
  return state === 'disabled' || state === 'off' || breaker === 'open';
}
