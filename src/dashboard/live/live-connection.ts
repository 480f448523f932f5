import type { Role } from '../../audit/actor.js';
import type { LiveTopic } from '../../common/live/live-feed.js';
import type { LiveHolder } from './live-holders.js';

/** Events that wait for one watcher, at most. */
const MOST_EVENTS = 1_000;
/** Characters of them, at most. */
const MOST_CHARACTERS = 512 * 1024;
/** Bytes that the watcher has not taken yet; with as many, nothing more is handed to the socket. */
const MOST_UNSENT_BYTES = 256 * 1024;

/** As much of a `WebSocket` as a connection needs. */
export interface LiveSocket {
  readonly bufferedAmount: number;
  send(text: string): void;
  ping(): void;
  close(code: number, reason: string): void;
  terminate(): void;
}

/**
 * One watcher. What it is to see waits here and goes out together, so that many events are few
 * frames; what it does not take in time is counted, and told as a number.
 */
export class LiveConnection {
  /** False from a ping until its pong. */
  answers = true;
  #topics: ReadonlySet<LiveTopic> = new Set();
  #entries: string[] = [];
  #characters = 0;
  /** Events that found no room since the watcher was last told, by topic. */
  readonly #missed = new Map<LiveTopic, number>();

  constructor(
    readonly socket: LiveSocket,
    readonly holder: LiveHolder,
    readonly role: Role,
  ) {}

  get topics(): ReadonlySet<LiveTopic> {
    return this.#topics;
  }

  /** From now on these and no others. */
  follow(topics: ReadonlySet<LiveTopic>): void {
    this.#topics = topics;
    for (const topic of this.#missed.keys()) if (!topics.has(topic)) this.#missed.delete(topic);
  }

  /**
   * An event, if the topic is followed. Once one of a topic found no room, those behind it do not
   * either until the watcher has been told: what it gets is without gaps up to there.
   * @param entry its text, as `entryOf` makes it
   */
  offer(topic: LiveTopic, entry: string): void {
    if (!this.#topics.has(topic)) return;
    const missed = this.#missed.get(topic) ?? 0;
    const isFull =
      this.#entries.length >= MOST_EVENTS || this.#characters + entry.length > MOST_CHARACTERS;
    if (missed > 0 || isFull) this.miss(topic, 1);
    else this.put(entry);
  }

  /** So many events of a topic will not come, if it is followed. */
  miss(topic: LiveTopic, count: number): void {
    if (!this.#topics.has(topic)) return;
    this.#missed.set(topic, (this.#missed.get(topic) ?? 0) + count);
  }

  /** What is no event, such as the state of a topic: it always finds room, for it is asked for when there is some. */
  put(entry: string): void {
    this.#entries.push(entry);
    this.#characters += entry.length;
  }

  /**
   * Hands over what waits, unless the watcher has yet to take what it was given.
   * @returns the topics of which it missed something, and was told so
   */
  flush(): LiveTopic[] {
    if (this.socket.bufferedAmount > MOST_UNSENT_BYTES) return [];
    const lagged = [...this.#missed];
    this.#missed.clear();
    for (const [topic, count] of lagged) this.put(entryOf('lagged', { topic, count }));
    if (this.#entries.length > 0) this.socket.send(`[${this.#entries.join(',')}]`);
    this.#entries = [];
    this.#characters = 0;
    return lagged.map(([topic]) => topic);
  }
}

/** One member of a frame, which is a JSON list of them. */
export function entryOf(event: string, data: unknown): string {
  return JSON.stringify({ event, data });
}
