import { Injectable } from '@nestjs/common';
import type { Figure } from '../common/metrics/figure.js';
import { Figures } from '../common/metrics/figures.js';
import { ProviderRegistry } from './provider-registry.js';
import { Upstream, type BreakerState } from './upstream/upstream.js';

const BREAKER_STATE = {
  name: 'llm_proxy_breaker_state',
  help: 'The circuit breaker of a provider instance: 0 closed, 1 half-open, 2 open.',
  labels: ['provider'],
} as const satisfies Figure;

const NUMBER_OF: Readonly<Record<BreakerState, number>> = { closed: 0, 'half-open': 1, open: 2 };

/** The breakers of the instances that are configured now. */
@Injectable()
export class BreakerFigures {
  constructor(figures: Figures, registry: ProviderRegistry, upstream: Upstream) {
    figures.addGauge(BREAKER_STATE, () =>
      registry.all().map(({ instance }) => ({
        labels: { provider: instance.name },
        value: NUMBER_OF[upstream.breakerState(instance)],
      })),
    );
  }
}
