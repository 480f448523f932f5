import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import { merge, type Subscription } from 'rxjs';
import { LIVE_TOPICS, LiveFeed, type LiveTopic } from '../../common/live/live-feed.js';
import { entryOf, type LiveConnection } from './live-connection.js';
import { LiveSharing } from './live-sharing.js';
import { LiveStates } from './live-states.js';

/** Connections of this process, at most. */
export const MOST_CONNECTIONS = 200;
/** Ten frames a second, however much happens. */
const FLUSH_EVERY_MS = 100;
const GOING_AWAY = 1001;
/** For what was sent last to leave before the sockets are closed. */
const FAREWELL_MS = 200;

/** All watchers of this process. Each event is turned to text once, for all of them. */
@Injectable()
export class LiveWatchers implements OnModuleDestroy {
  readonly #logger = new Logger(LiveWatchers.name);
  readonly #connections = new Set<LiveConnection>();
  readonly #subscriptions = new Map<LiveTopic, Subscription>();
  readonly #missedElsewhere: Subscription;
  #timer: NodeJS.Timeout | undefined;
  #closing = false;

  constructor(
    private readonly feed: LiveFeed,
    private readonly sharing: LiveSharing,
    private readonly states: LiveStates,
  ) {
    this.#missedElsewhere = sharing.missed.subscribe(({ topic, count }) => {
      for (const connection of this.#connections) connection.miss(topic, count);
    });
  }

  get all(): readonly LiveConnection[] {
    return [...this.#connections];
  }

  /** Whether another one would be too many. */
  get isFull(): boolean {
    return this.#closing || this.#connections.size >= MOST_CONNECTIONS;
  }

  add(connection: LiveConnection): void {
    this.#connections.add(connection);
    this.#timer ??= setInterval(() => this.#flush(), FLUSH_EVERY_MS).unref();
  }

  remove(connection: LiveConnection): void {
    this.#connections.delete(connection);
    this.#watchWhatIsFollowed();
    if (this.#connections.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  /** It gets nothing more, also while its other end does not say goodbye. */
  expel(connection: LiveConnection, code: number, reason: string): void {
    this.remove(connection);
    connection.socket.close(code, reason);
  }

  /** The states of topics that are new to it come first. */
  follow(connection: LiveConnection, topics: ReadonlySet<LiveTopic>): void {
    const added = [...topics].filter((topic) => !connection.topics.has(topic));
    connection.follow(topics);
    this.#watchWhatIsFollowed();
    for (const topic of added) void this.#putState(connection, topic);
  }

  async onModuleDestroy(): Promise<void> {
    this.#closing = true;
    this.#missedElsewhere.unsubscribe();
    if (this.#connections.size === 0) return;
    this.#flush();
    for (const { socket } of this.#connections) socket.close(GOING_AWAY, 'The server stops.');
    await new Promise((resolve) => setTimeout(resolve, FAREWELL_MS));
    for (const connection of this.all) this.remove(connection);
  }

  #watchWhatIsFollowed(): void {
    for (const topic of LIVE_TOPICS) {
      const isFollowed = this.all.some(({ topics }) => topics.has(topic));
      const subscription = this.#subscriptions.get(topic);
      if (isFollowed && subscription === undefined) {
        const events = merge(this.feed.watch(topic), this.sharing.watch(topic));
        this.#subscriptions.set(
          topic,
          events.subscribe((event) => this.#tell(topic, event)),
        );
      } else if (!isFollowed && subscription !== undefined) {
        subscription.unsubscribe();
        this.#subscriptions.delete(topic);
      }
    }
  }

  #tell(topic: LiveTopic, event: object): void {
    const entry = entryOf(topic, event);
    for (const connection of this.#connections) connection.offer(topic, entry);
  }

  #flush(): void {
    for (const connection of this.#connections) {
      for (const topic of connection.flush()) void this.#putState(connection, topic);
    }
  }

  async #putState(connection: LiveConnection, topic: LiveTopic): Promise<void> {
    try {
      const items = await this.states.read(topic);
      if (items === undefined || !connection.topics.has(topic)) return;
      connection.put(entryOf('state', { topic, items }));
    } catch (error) {
      this.#logger.warn({ message: 'a state could not be read', topic, err: error });
    }
  }
}
