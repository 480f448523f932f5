import type { LiveTopic } from '../../common/live/live-feed.js';

/** Events of one process that go out together, at most. */
const MOST_EVENTS = 500;
/** Characters of them, at most. */
const MOST_CHARACTERS = 256 * 1024;

/** What waits to be told to other processes; beyond that it is only counted. */
export class SharedEvents {
  #events: string[] = [];
  #characters = 0;
  readonly #missed = new Map<LiveTopic, number>();

  add(topic: LiveTopic, event: object): void {
    const text = JSON.stringify([topic, event]);
    const isFull =
      this.#events.length >= MOST_EVENTS || this.#characters + text.length > MOST_CHARACTERS;
    if (isFull) {
      this.#missed.set(topic, (this.#missed.get(topic) ?? 0) + 1);
      return;
    }
    this.#events.push(text);
    this.#characters += text.length;
  }

  /** All of it as one message, which empties this; undefined when there is nothing. */
  take(from: string): string | undefined {
    if (this.#events.length === 0 && this.#missed.size === 0) return undefined;
    const missed = JSON.stringify([...this.#missed]);
    const text = `{"from":"${from}","events":[${this.#events.join(',')}],"missed":${missed}}`;
    this.#events = [];
    this.#characters = 0;
    this.#missed.clear();
    return text;
  }
}
