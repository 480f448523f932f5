import {
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
} from '@nestjs/common';
import { concatMap, defer, merge, retry, type Subscription, throttleTime, timer } from 'rxjs';
import { CLIENTS_TOPIC } from '../../clients/client-writer.js';
import { Configuration } from '../../config/configuration.js';
import { ChangeFeed } from '../../database/change-feed.js';
import { LimitRules } from './limit-rules.js';
import { LIMITS_TOPIC } from './limit-writer.js';
import type { RuleSet } from './rule-set.js';
import { RuleSources } from './rule-sources.js';

const RETRY_DELAY_MS = 1_000;

/** Many changes at once, such as keys made by a script, are read together. */
const TOGETHER_MS = 50;

/**
 * Keeps `LimitRules` as file and database say: before the server listens, and after each change of
 * the file, of a rule or of a client. Every process does so for itself.
 */
@Injectable()
export class RulesRefresh implements OnApplicationBootstrap, OnModuleDestroy {
  readonly #logger = new Logger(RulesRefresh.name);
  #subscription: Subscription | undefined;
  #inForce = '';
  #reading: Promise<void> = Promise.resolve();

  constructor(
    private readonly rules: LimitRules,
    private readonly sources: RuleSources,
    private readonly configuration: Configuration,
    private readonly feed: ChangeFeed,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    // From now on, not from after the first reading: a change between the two would be missed.
    this.#subscription = merge(
      this.configuration.changes,
      this.feed.changes(LIMITS_TOPIC),
      // The file's clients and their ids are stored after the file changed; then this tells so.
      this.feed.changes(CLIENTS_TOPIC),
    )
      .pipe(
        throttleTime(TOGETHER_MS, undefined, { leading: true, trailing: true }),
        concatMap(() => defer(() => this.refresh()).pipe(retry({ delay: this.waitAndSay }))),
      )
      .subscribe();
    await this.refresh();
  }

  onModuleDestroy(): void {
    this.#subscription?.unsubscribe();
  }

  /** Reads the rules now. Rejects when the database does not answer; the earlier ones stay. */
  refresh(): Promise<void> {
    // One after the other, so that an earlier reading never replaces a later one.
    this.#reading = this.#reading.catch(() => undefined).then(() => this.#refreshNow());
    return this.#reading;
  }

  async #refreshNow(): Promise<void> {
    const rules = await this.sources.read();
    const text = textOf(rules);
    if (text === this.#inForce) return;
    this.#inForce = text;
    this.rules.replace(rules);
  }

  private readonly waitAndSay = (error: unknown) => {
    const reason = error instanceof Error ? error.message : 'unknown reason';
    this.#logger.error(
      `The limits and budgets could not be read; the earlier ones hold: ${reason}`,
    );
    return timer(RETRY_DELAY_MS);
  };
}

function textOf({ limits, budgets, onLimit }: RuleSet): string {
  return JSON.stringify([limits, budgets, [...onLimit]]);
}
