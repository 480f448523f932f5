import { Injectable } from '@nestjs/common';
import type { Figure } from '../../common/metrics/figure.js';
import { Figures } from '../../common/metrics/figures.js';
import { Configuration } from '../../config/configuration.js';
import type { TargetState } from '../targets/target-stats.js';
import { ProviderHealth } from './provider-health.service.js';

const PROVIDER_HEALTH = {
  name: 'llm_proxy_provider_health',
  help: 'How a provider instance is: 0 healthy, 1 degraded, 2 disabled, 3 off.',
  labels: ['provider'],
} as const satisfies Figure;

const NUMBER_OF: Readonly<Record<TargetState, number>> = {
  healthy: 0,
  degraded: 1,
  disabled: 2,
  off: 3,
};

/** The health of the instances that are configured now. */
@Injectable()
export class HealthFigures {
  constructor(figures: Figures, configuration: Configuration, health: ProviderHealth) {
    figures.addGauge(PROVIDER_HEALTH, () =>
      configuration.providers().map(({ name }) => ({
        labels: { provider: name },
        value: NUMBER_OF[health.of(name).state],
      })),
    );
  }
}
