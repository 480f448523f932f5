import {
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
} from '@nestjs/common';
import { concatMap, interval, merge, type Subscription, throttleTime } from 'rxjs';
import { CLIENTS_TOPIC } from '../../clients/client-writer.js';
import { Configuration } from '../../config/configuration.js';
import { ChangeFeed } from '../../database/change-feed.js';
import { UnusualUse } from './unusual-use.js';
import { UsageHistory } from './usage-history.js';
import { usualRate } from './usual-rate.js';

/** An hour is over once an hour; other processes may have closed its last requests a little later. */
const REFRESH_MS = 600_000;
/** Many changes at once are read together. */
const TOGETHER_MS = 50;

/** Reads what clients usually use: at the start, every ten minutes and after each change of the clients. */
@Injectable()
export class UsualUseRefresh implements OnApplicationBootstrap, OnModuleDestroy {
  readonly #logger = new Logger(UsualUseRefresh.name);
  #subscription: Subscription | undefined;

  constructor(
    private readonly unusual: UnusualUse,
    private readonly history: UsageHistory,
    private readonly configuration: Configuration,
    private readonly feed: ChangeFeed,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    this.#subscription = merge(
      this.configuration.changes,
      this.feed.changes(CLIENTS_TOPIC),
      interval(REFRESH_MS),
    )
      .pipe(
        throttleTime(TOGETHER_MS, undefined, { leading: true, trailing: true }),
        concatMap(() => this.refresh()),
      )
      .subscribe();
    await this.refresh();
  }

  onModuleDestroy(): void {
    this.#subscription?.unsubscribe();
  }

  /** What is in force stays when the database does not answer. Never rejects. */
  async refresh(now = Date.now()): Promise<void> {
    const settings = new Map(
      this.configuration.file.clients.flatMap(({ name, limits }) =>
        limits?.adaptive === undefined ? [] : [[name, limits.adaptive] as const],
      ),
    );
    if (settings.size === 0) {
      this.unusual.replace([]);
      return;
    }
    try {
      const clients = await this.history.of([...settings.keys()], now);
      this.unusual.replace(
        clients.flatMap(({ id, name, hours }) => {
          const set = settings.get(name);
          if (set === undefined) return [];
          const usualPerMinute = usualRate(hours, now);
          const multiple = Math.round(set.factor * usualPerMinute);
          const mostPerMinute = Math.max(set.minRequestsPerMinute, multiple);
          return { clientId: id, clientName: name, usualPerMinute, mostPerMinute };
        }),
      );
    } catch (error) {
      this.#logger.warn({ message: 'what clients usually use could not be read', err: error });
    }
  }
}
