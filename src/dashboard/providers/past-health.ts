import { Injectable } from '@nestjs/common';
import { HealthHistory } from '../../routing/health/health-history.js';
import { ProviderHours } from '../../usage/rollups/provider-hours.js';
import type { ProviderHealthView } from './provider-health.view.js';

const HOUR_MS = 3_600_000;

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

function isoOf(epochMs: number): string {
  return new Date(epochMs).toISOString();
}
