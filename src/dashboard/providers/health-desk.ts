import { Injectable } from '@nestjs/common';
import { ApiError } from '../../common/errors/api-error.js';
import { ProviderRegistry } from '../../providers/provider-registry.js';
import { Upstream } from '../../providers/upstream/upstream.js';
import { ProviderHealth } from '../../routing/health/provider-health.service.js';
import { type TargetFigures, TargetStats } from '../../routing/targets/target-stats.js';
import { PastHealth } from './past-health.js';
import type { ProviderHealthView, TargetHealthView } from './provider-health.view.js';

/** How an instance does and has done. */
@Injectable()
export class HealthDesk {
  constructor(
    private readonly registry: ProviderRegistry,
    private readonly upstream: Upstream,
    private readonly health: ProviderHealth,
    private readonly stats: TargetStats,
    private readonly past: PastHealth,
  ) {}

  /** Throws `not_found`. */
  async show(name: string, hours = 24): Promise<ProviderHealthView> {
    const instance = this.registry.find(name)?.instance;
    if (instance === undefined) {
      throw new ApiError('not_found', `There is no provider '${name}'.`, { param: 'name' });
    }
    const { state, since, lastError } = this.health.of(name);
    const mode = this.health.modeOf(name);
    const breaker = this.upstream.breakerState(instance);
    const targets = this.stats.all().filter((target) => target.instance === name);
    return {
      provider: name,
      state,
      mode,
      since: new Date(since).toISOString(),
      breaker,
      reasons: reasonsOf({ state, mode, breaker }, targets),
      lastError: lastError ?? null,
      targets: targets.map(targetView),
      ...(await this.past.of(name, hours)),
    };
  }
}

function reasonsOf(
  { state, mode, breaker }: Pick<ProviderHealthView, 'state' | 'mode' | 'breaker'>,
  targets: readonly TargetFigures[],
): ProviderHealthView['reasons'] {
  const reasons: ProviderHealthView['reasons'] = [];
  if (mode === 'off') reasons.push('switched_off');
  if (mode === 'on') reasons.push('kept_on');
  if (breaker !== 'closed') reasons.push('breaker_open');
  if (mode === 'auto') {
    if (targets.some((target) => target.state === 'disabled')) reasons.push('models_disabled');
    else if (targets.some((target) => target.state === 'degraded')) reasons.push('models_degraded');
    else if (state === 'degraded') reasons.push('probes_failed');
  }
  if (targets.some(({ pausedForMs }) => pausedForMs > 0)) reasons.push('paused');
  return reasons;
}

function targetView(target: TargetFigures): TargetHealthView {
  const { model, state, errorRate, inFlight, firstChunkMs, latencyMs, pausedForMs } = target;
  return {
    model,
    state,
    errorRate,
    inFlight,
    firstChunkMs: firstChunkMs ?? null,
    latencyMs: latencyMs ?? null,
    pausedForMs,
  };
}
