import { randomUUID } from 'node:crypto';

import { Logger } from '@nestjs/common';
import { Redis, type RedisOptions } from 'ioredis';
import { BehaviorSubject, Subject } from 'rxjs';

import type { EventBus } from './event-bus.js';

const CHANNEL = 'llm-proxy:changes';

/** Each connection is asked this often whether it still works; a silent one is replaced. */
const PING_INTERVAL_MS = 1_000;

const OPTIONS: RedisOptions = {
  commandTimeout: 100,
  socketTimeout: 500,
  connectTimeout: 1_000,
  disconnectTimeout: 100,
  maxRetriesPerRequest: 0,
  enableOfflineQueue: false,
  // The subscription is made when the connection is ready, so that its outcome is known.
  autoResubscribe: false,
  retryStrategy: (attempt) => Math.min(50 * 2 ** attempt, 1_000),
};

/** Between processes, through Redis. While Redis is away topics are lost; the poll finds them. */
export class RedisEventBus implements EventBus {
  readonly topics = new Subject<string>();
  /** Whether topics pass, to and from the other processes. */
  readonly connected = new BehaviorSubject(false);
  readonly #logger = new Logger(RedisEventBus.name);
  /** Redis echoes what this process published, which it has told itself already. */
  readonly #sender = randomUUID();
  readonly #publisher: Redis;
  readonly #subscriber: Redis;
  readonly #timer: NodeJS.Timeout;
  readonly #working = { publisher: false, subscriber: false };
  #told: boolean | undefined;
  #closed = false;

  constructor(url: string) {
    this.#publisher = this.#open(url, 'publisher', async () => undefined);
    this.#subscriber = this.#open(url, 'subscriber', (client) => client.subscribe(CHANNEL));
    this.#subscriber.on('message', (_channel, message) => this.#receive(message));
    this.#timer = setInterval(() => this.#ping(), PING_INTERVAL_MS);
    this.#timer.unref();
  }

  publish(topic: string): void {
    this.topics.next(topic);
    // A failure shows in the state of the connection; the others find the change by their poll.
    this.#publisher.publish(CHANNEL, `${this.#sender} ${topic}`).catch(() => undefined);
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#timer);
    this.#publisher.disconnect();
    this.#subscriber.disconnect();
    this.topics.complete();
  }

  #open(url: string, role: 'publisher' | 'subscriber', begin: (client: Redis) => Promise<unknown>) {
    const client = new Redis(url, OPTIONS);
    client.on('ready', () => {
      begin(client).then(
        () => this.#setWorking(role, true),
        () => client.disconnect(true),
      );
    });
    // Without a listener ioredis prints every attempt to connect.
    client.on('error', (error: unknown) => this.#setWorking(role, false, error));
    client.on('close', () => this.#setWorking(role, false));
    return client;
  }

  #ping(): void {
    for (const client of [this.#publisher, this.#subscriber]) {
      if (client.status === 'ready') client.ping().catch(() => undefined);
    }
  }

  #receive(message: string): void {
    const separator = message.indexOf(' ');
    if (message.slice(0, separator) === this.#sender) return;
    this.topics.next(message.slice(separator + 1));
  }

  #setWorking(role: 'publisher' | 'subscriber', working: boolean, error?: unknown): void {
    this.#working[role] = working;
    const connected = this.#working.publisher && this.#working.subscriber;
    if (connected !== this.connected.value) this.connected.next(connected);
    // At the start one connection is ready before the other, which is nothing to tell.
    if (this.#closed || connected === this.#told || (working && !connected)) return;
    this.#tell(connected, error);
  }

  #tell(connected: boolean, error: unknown): void {
    const before = this.#told;
    this.#told = connected;
    if (!connected) {
      const reason = (error as { code?: string } | undefined)?.code ?? 'no answer';
      this.#logger.warn(`Redis is away (${reason}); changes reach other processes by polling.`);
    } else if (before === false) {
      this.#logger.log('Redis is back; changes reach other processes at once.');
    }
  }
}
