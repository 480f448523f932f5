import { randomUUID } from 'node:crypto';
import type { OnModuleDestroy } from '@nestjs/common';
import { Redis, type RedisOptions } from 'ioredis';
import { Observable, Subject, type Subscription } from 'rxjs';
import type { LiveFeed, LiveTopic } from '../../common/live/live-feed.js';
import { LiveSharing, type MissedElsewhere } from './live-sharing.js';
import { SharedEvents } from './shared-events.js';

const CHANNEL = 'llm-proxy:live';
const SEND_EVERY_MS = 100;
/** What is wanted is said again and again, so that a process that ends wants nothing any more. */
const ASK_EVERY_MS = 1_000;
const WANTED_FOR_MS = 3_500;

const OPTIONS: RedisOptions = {
  connectTimeout: 1_000,
  disconnectTimeout: 100,
  maxRetriesPerRequest: 0,
  enableOfflineQueue: false,
  retryStrategy: (attempt) => Math.min(50 * 2 ** attempt, 1_000),
};

interface Message {
  readonly from: string;
  readonly wants?: readonly LiveTopic[];
  readonly events?: readonly (readonly [LiveTopic, object])[];
  readonly missed?: readonly (readonly [LiveTopic, number])[];
}

interface Want {
  readonly topics: readonly LiveTopic[];
  /** On the monotonic clock. */
  readonly until: number;
}

/**
 * Between processes, through Redis. Each says which topics its watchers follow; only while somebody
 * says so do the others send. While Redis is away watchers see their own process alone.
 */
export class RedisLiveSharing extends LiveSharing implements OnModuleDestroy {
  readonly #id = randomUUID();
  readonly #publisher: Redis;
  readonly #subscriber: Redis;
  readonly #heard = new Subject<readonly [LiveTopic, object]>();
  readonly #missed = new Subject<MissedElsewhere>();
  readonly missed = this.#missed.asObservable();
  /** Watchers of this process, by topic. */
  readonly #own = new Map<LiveTopic, number>();
  readonly #wants = new Map<string, Want>();
  readonly #sending = new Map<LiveTopic, Subscription>();
  readonly #pending = new SharedEvents();
  readonly #timers: NodeJS.Timeout[];

  constructor(
    url: string,
    private readonly feed: LiveFeed,
  ) {
    super();
    this.#publisher = open(url);
    this.#subscriber = open(url);
    this.#subscriber.on('ready', () => {
      // When it fails the connection is gone, and there will be another one.
      this.#subscriber.subscribe(CHANNEL).catch(() => undefined);
    });
    this.#subscriber.on('message', (_channel, text) => this.#receive(JSON.parse(text) as Message));
    this.#timers = [
      setInterval(() => this.#send(), SEND_EVERY_MS).unref(),
      setInterval(() => this.#ask(), ASK_EVERY_MS).unref(),
    ];
  }

  watch(topic: LiveTopic): Observable<object> {
    return new Observable<object>((subscriber) => {
      this.#own.set(topic, (this.#own.get(topic) ?? 0) + 1);
      this.#ask();
      const heard = this.#heard.subscribe(([about, event]) => {
        if (about === topic) subscriber.next(event);
      });
      return () => {
        heard.unsubscribe();
        const left = (this.#own.get(topic) ?? 1) - 1;
        if (left > 0) this.#own.set(topic, left);
        else this.#own.delete(topic);
      };
    });
  }

  onModuleDestroy(): void {
    for (const timer of this.#timers) clearInterval(timer);
    for (const subscription of this.#sending.values()) subscription.unsubscribe();
    this.#publisher.disconnect();
    this.#subscriber.disconnect();
  }

  #receive({ from, wants, events = [], missed = [] }: Message): void {
    if (from === this.#id) return;
    if (wants !== undefined) {
      this.#wants.set(from, { topics: wants, until: performance.now() + WANTED_FOR_MS });
      this.#sendWhatIsWanted();
    }
    for (const event of events) this.#heard.next(event);
    for (const [topic, count] of missed) this.#missed.next({ topic, count });
  }

  #sendWhatIsWanted(): void {
    const now = performance.now();
    for (const [from, { until }] of this.#wants) if (until < now) this.#wants.delete(from);
    const wanted = new Set([...this.#wants.values()].flatMap(({ topics }) => topics));
    for (const [topic, subscription] of this.#sending) {
      if (wanted.has(topic)) continue;
      subscription.unsubscribe();
      this.#sending.delete(topic);
    }
    for (const topic of wanted) {
      if (this.#sending.has(topic)) continue;
      const events = this.feed.watch(topic);
      this.#sending.set(
        topic,
        events.subscribe((event) => this.#pending.add(topic, event)),
      );
    }
  }

  #send(): void {
    const text = this.#pending.take(this.#id);
    if (text !== undefined) this.#publish(text);
  }

  #ask(): void {
    if (this.#wants.size > 0) this.#sendWhatIsWanted();
    if (this.#own.size === 0) return;
    this.#publish(JSON.stringify({ from: this.#id, wants: [...this.#own.keys()] }));
  }

  /** What Redis does not take is lost to the others; they look at tables and ledger for the truth. */
  #publish(text: string): void {
    this.#publisher.publish(CHANNEL, text).catch(() => undefined);
  }
}

function open(url: string): Redis {
  const client = new Redis(url, { ...OPTIONS, autoResubscribe: false });
  // Without a listener ioredis prints every attempt to connect; the event bus says when Redis is away.
  client.on('error', () => undefined);
  return client;
}
