import { Injectable } from '@nestjs/common';
import type { Figure } from '../common/metrics/figure.js';
import { Figures } from '../common/metrics/figures.js';
import { QUEUE_DEPTH } from '../common/metrics/queue-depth.js';
import { Treasury } from './budgets/treasury.js';
import { RateLimits } from './rates/rate-limits.js';

const HELD_SLOTS = {
  name: 'llm_proxy_held_slots',
  help: 'Slots of limits on concurrency that are taken at the moment.',
  labels: [],
} as const satisfies Figure;

/** What the limits hold back and let through at the moment. */
@Injectable()
export class LimitFigures {
  constructor(figures: Figures, rates: RateLimits, treasury: Treasury) {
    figures.addGauge(HELD_SLOTS, () => [{ labels: {}, value: rates.heldSlots }]);
    figures.addGauge(QUEUE_DEPTH, () => [
      { labels: { queue: 'admission' }, value: rates.queueDepth },
      { labels: { queue: 'budgets' }, value: treasury.queueDepth },
    ]);
  }
}
