import { Injectable, Logger, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { startWith, type Subscription } from 'rxjs';
import { CLIENTS_TOPIC } from '../../../clients/client-writer.js';
import { ClientsService } from '../../../clients/clients.service.js';
import { LiveFeed } from '../../../common/live/live-feed.js';
import { recentLines } from '../../../common/logging/recent-lines.js';
import { ChangeFeed } from '../../../database/change-feed.js';
import { type BudgetAlert, BudgetAlerts } from '../../../limits/budgets/budget-alerts.js';
import { Ledger } from '../../../usage/ledger.js';
import { requestRowView } from '../../usage/request-row.view.js';
import { liveLine } from './live-line.js';

/** Passes on what happens by itself: requests that end, lines of the log, thresholds of budgets. */
@Injectable()
export class Happenings implements OnModuleInit, OnModuleDestroy {
  readonly #logger = new Logger(Happenings.name);
  #names: ReadonlyMap<string, string> = new Map();
  #alerts: Subscription | undefined;

  constructor(
    private readonly feed: LiveFeed,
    private readonly ledger: Ledger,
    private readonly clients: ClientsService,
    private readonly changes: ChangeFeed,
    private readonly budgetAlerts: BudgetAlerts,
  ) {}

  onModuleInit(): void {
    this.feed.whileWatched('requests', () => {
      const watching = this.ledger.closings.subscribe((entry) =>
        this.feed.publish('requests', requestRowView(entry, this.#names)),
      );
      watching.add(
        this.changes
          .changes(CLIENTS_TOPIC)
          .pipe(startWith(undefined))
          .subscribe(() => void this.#readNames()),
      );
      return () => watching.unsubscribe();
    });
    this.feed.whileWatched('logs', () => {
      const watching = recentLines.added.subscribe((line) =>
        this.feed.publish('logs', liveLine(line)),
      );
      return () => watching.unsubscribe();
    });
    this.#alerts = this.budgetAlerts.alerts.subscribe((alert) => this.#tell(alert));
  }

  onModuleDestroy(): void {
    this.#alerts?.unsubscribe();
  }

  #tell({ rule, percent, spentNanoUsd, resetsAt }: BudgetAlert): void {
    this.feed.publish('budgets', {
      change: 'alert',
      id: rule.id,
      percent,
      spentNanoUsd: String(spentNanoUsd),
      resetsAt: rule.period === 'total' ? null : new Date(resetsAt).toISOString(),
    });
  }

  async #readNames(): Promise<void> {
    try {
      const clients = await this.clients.list();
      this.#names = new Map(clients.map(({ id, name }) => [id, name]));
    } catch (error) {
      this.#logger.warn({ message: 'names of clients could not be read', err: error });
    }
  }
}
