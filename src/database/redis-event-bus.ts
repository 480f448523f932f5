import { randomUUID } from 'node:crypto';

import { Logger } from '@nestjs/common';
import { Redis, type RedisOptions } from 'ioredis';
import { Subject } from 'rxjs';

import type { EventBus } from './event-bus.js';

const CHANNEL = 'llm-proxy:changes';

const OPTIONS: RedisOptions = {
  commandTimeout: 100,
  connectTimeout: 1_000,
  maxRetriesPerRequest: 0,
  enableOfflineQueue: false,
  keepAlive: 5_000,
  retryStrategy: (attempt) => Math.min(50 * 2 ** attempt, 1_000),
};

/** Between processes, through Redis. While Redis is away topics are lost; the poll finds them. */
export class RedisEventBus implements EventBus {
  readonly topics = new Subject<string>();
  readonly #logger = new Logger(RedisEventBus.name);
  /** Redis echoes what this process published, which it has told itself already. */
  readonly #sender = randomUUID();
  readonly #publisher: Redis;
  readonly #subscriber: Redis;
  #reachable: boolean | undefined;

  constructor(url: string) {
    this.#publisher = new Redis(url, OPTIONS);
    this.#subscriber = new Redis(url, { ...OPTIONS, autoResubscribe: false });
    // Without a listener ioredis prints every attempt to reconnect.
    for (const client of [this.#publisher, this.#subscriber]) {
      client.on('error', (error) => this.#setReachable(false, error));
    }
    this.#publisher.on('ready', () => this.#setReachable(true));
    this.#subscriber.on('ready', () => {
      this.#subscriber.subscribe(CHANNEL).catch((error: unknown) => {
        this.#setReachable(false, error);
        this.#subscriber.disconnect(true);
      });
    });
    this.#subscriber.on('message', (_channel, message) => this.#receive(message));
  }

  publish(topic: string): void {
    this.topics.next(topic);
    this.#publisher.publish(CHANNEL, `${this.#sender} ${topic}`).then(
      () => this.#setReachable(true),
      (error: unknown) => this.#setReachable(false, error),
    );
  }

  async close(): Promise<void> {
    this.#publisher.disconnect();
    this.#subscriber.disconnect();
    this.topics.complete();
  }

  #receive(message: string): void {
    const separator = message.indexOf(' ');
    if (message.slice(0, separator) === this.#sender) return;
    this.topics.next(message.slice(separator + 1));
  }

  #setReachable(reachable: boolean, error?: unknown): void {
    if (this.#reachable === reachable) return;
    const first = this.#reachable === undefined;
    this.#reachable = reachable;
    if (reachable && !first)
      this.#logger.log('Redis answers again; changes are announced at once.');
    if (reachable) return;
    const reason = (error as { code?: string } | undefined)?.code ?? 'no answer';
    this.#logger.warn(
      `Redis does not answer (${reason}); changes reach other processes by polling.`,
    );
  }
}
