import { Injectable } from '@nestjs/common';
import type { Figure } from '../../common/metrics/figure.js';
import { Figures } from '../../common/metrics/figures.js';
import { AdaptiveLimits } from './adaptive-limits.js';

const ADAPTIVE_LIMIT = {
  name: 'llm_proxy_adaptive_limit',
  help: 'Requests per minute that this process sends to the most limited model of a provider instance, as the provider lets through; 0 while none, absent where nothing is held back.',
  labels: ['provider'],
} as const satisfies Figure;

/** What providers are spared at the moment. */
@Injectable()
export class AdaptiveFigures {
  constructor(figures: Figures, limits: AdaptiveLimits) {
    figures.addGauge(ADAPTIVE_LIMIT, () => {
      const lowest = new Map<string, number>();
      for (const { provider, perMinute } of limits.learned()) {
        lowest.set(provider, Math.min(perMinute, lowest.get(provider) ?? perMinute));
      }
      return [...lowest].map(([provider, value]) => ({ labels: { provider }, value }));
    });
  }
}
