import { Injectable } from '@nestjs/common';
import { LiveFeed, type LiveTopic } from '../../common/live/live-feed.js';

/** Something that is in a state, known by an id. */
export interface LiveItem {
  readonly id: string;
}

/** How the things of a topic are at the moment. */
export interface LiveState {
  readonly topic: LiveTopic;
  /** Milliseconds between two looks, while somebody watches. */
  readonly everyMs: number;
  read(): readonly LiveItem[] | Promise<readonly LiveItem[]>;
}

/**
 * Topics that are states rather than happenings. They are looked at while somebody watches, and what
 * changed is told: whoever works on a request never has to think of watchers, and what changes a
 * thousand times a second is told four times.
 */
@Injectable()
export class LiveStates {
  readonly #states = new Map<LiveTopic, LiveState>();

  constructor(private readonly feed: LiveFeed) {}

  add(state: LiveState): void {
    this.#states.set(state.topic, state);
    this.feed.whileWatched(state.topic, () => this.#look(state));
  }

  /** All there is of a topic now; undefined for one of happenings. Rejects when it cannot be read. */
  async read(topic: LiveTopic): Promise<readonly LiveItem[] | undefined> {
    return this.#states.get(topic)?.read();
  }

  #look(state: LiveState): () => void {
    let known: ReadonlyMap<string, string> | undefined;
    let isLooking = false;
    const look = async (): Promise<void> => {
      if (isLooking) return;
      isLooking = true;
      try {
        known = this.#tell(state.topic, known, await state.read());
      } catch {
        // What cannot be read now is read with the next look.
      } finally {
        isLooking = false;
      }
    };
    void look();
    const timer = setInterval(() => void look(), state.everyMs).unref();
    return () => clearInterval(timer);
  }

  #tell(
    topic: LiveTopic,
    known: ReadonlyMap<string, string> | undefined,
    items: readonly LiveItem[],
  ): ReadonlyMap<string, string> {
    const texts = new Map(items.map((item) => [item.id, JSON.stringify(item)]));
    // With the first look the watchers are given everything anyway.
    if (known === undefined) return texts;
    for (const item of items) {
      if (known.get(item.id) !== texts.get(item.id)) {
        this.feed.publish(topic, { change: 'set', item });
      }
    }
    for (const id of known.keys()) {
      if (!texts.has(id)) this.feed.publish(topic, { change: 'gone', id });
    }
    return texts;
  }
}
