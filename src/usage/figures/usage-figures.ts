import { Injectable } from '@nestjs/common';
import { Figures } from '../../common/metrics/figures.js';
import { QUEUE_DEPTH } from '../../common/metrics/queue-depth.js';
import type { Sums } from '../../common/metrics/sums.js';
import type { Leg, UsageEntry } from '../usage-entry.js';
import { ModelFigures } from './model-figures.js';
import { ModelLabels } from './model-labels.js';
import { OPEN_RESERVATIONS, REQUESTS, UPSTREAM_ATTEMPTS } from './usage-figure-list.js';

/** How much of the ledger's work is not done yet. */
export interface LedgerBacklog {
  readonly openReservations: number;
  readonly lateEntries: number;
}

/**
 * The ledger's rows as counters. Rows are counted when they are durable, so the sums are those of
 * the rows that this process wrote for its own requests, to the nano-USD.
 */
@Injectable()
export class UsageFigures {
  readonly #labels = new ModelLabels();
  readonly #models: ModelFigures;
  readonly #requests: Sums<'dialect' | 'provider' | 'model' | 'status'>;
  readonly #attempts: Sums<'provider' | 'outcome'>;

  constructor(private readonly figures: Figures) {
    this.#models = new ModelFigures(figures);
    this.#requests = figures.addCounter(REQUESTS);
    this.#attempts = figures.addCounter(UPSTREAM_ATTEMPTS);
  }

  watch(backlog: LedgerBacklog): void {
    this.figures.addGauge(OPEN_RESERVATIONS, () => [
      { labels: {}, value: backlog.openReservations },
    ]);
    this.figures.addGauge(QUEUE_DEPTH, () => [
      { labels: { queue: 'late_settlements' }, value: backlog.lateEntries },
    ]);
  }

  /** @param entry that closes its request */
  count(entry: UsageEntry): void {
    const model = this.#labels.labelOf(entry);
    this.#requests.of(entry.dialect, entry.provider, model, entry.status).value += 1;
    this.#models.count(entry, model);
    for (const leg of entry.legs) this.#attempts.of(leg.provider, outcomeOf(leg)).value += 1;
  }
}

/** The kinds of `ProviderError` are a fixed list. */
function outcomeOf({ status, error }: Leg): string {
  return status === 'error' ? (error ?? 'error') : status;
}
