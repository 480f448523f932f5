import { Injectable } from '@nestjs/common';
import { ApiError } from '../../common/errors/api-error.js';
import { ProviderRegistry } from '../../providers/provider-registry.js';
import { Upstream } from '../../providers/upstream/upstream.js';
import { HealthHistory } from '../../routing/health/health-history.js';
import { ProviderHealth } from '../../routing/health/provider-health.service.js';
import { type TargetFigures, TargetStats } from '../../routing/targets/target-stats.js';
import { ProviderHours } from '../../usage/rollups/provider-hours.js';
import type { ProviderHealthView, TargetHealthView } from './provider-health.view.js';

const HOUR_MS = 3_600_000;

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
      since: isoOf(since),
      breaker,
      reasons: reasonsOf({ state, mode, breaker }, targets),
      lastError: lastError ?? null,
      targets: targets.map(targetView),
      ...(await this.past.of(name, hours)),
    };
  }
}

/** What is remembered of an instance. */
@Injectable()
export class PastHealth {
  constructor(
    private readonly hours: ProviderHours,
    private readonly history: HealthHistory,
  ) {}

  async of(name: string, hours: number): Promise<Pick<ProviderHealthView, 'hours' | 'changes'>> {
    const now = Date.now();
    const since = now - (now % HOUR_MS) - (hours - 1) * HOUR_MS;
    const past = await this.hours.of(name, since);
    return {
      hours: past.map((hour) => ({ ...hour, from: isoOf(hour.from) })),
      changes: this.history
        .of(name)
        .map(({ at, model, state }) => ({ at: isoOf(at), model: model ?? null, state })),
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

function isoOf(epochMs: number): string {
  return new Date(epochMs).toISOString();
}
