import { Injectable } from '@nestjs/common';
import { finalize, Observable, Subject } from 'rxjs';

/** What can be watched while it happens. */
export const LIVE_TOPICS = [
  'requests',
  'in-flight',
  'breakers',
  'budgets',
  'system',
  'logs',
] as const;
export type LiveTopic = (typeof LIVE_TOPICS)[number];

/** Called when the first watcher comes; what it returns, when the last has gone. */
export type BeginWatched = () => () => void;

/**
 * Where features tell what just happened, for whoever looks at that moment. Nobody may rely on it:
 * the ledger and the tables are the truth, and a watcher that falls behind reads those again.
 */
@Injectable()
export class LiveFeed {
  readonly #topics = new Map<LiveTopic, Subject<object>>();
  /** What the sources of a watched topic gave to be called at the end. */
  readonly #ends = new Map<LiveTopic, (() => void)[]>();
  readonly #sources = new Map<LiveTopic, BeginWatched[]>();

  /** Whether an event is worth building. */
  isWatched(topic: LiveTopic): boolean {
    return this.#topics.has(topic);
  }

  /** `event` is plain data without secrets; it reaches the watchers of this process at once. */
  publish(topic: LiveTopic, event: object): void {
    this.#topics.get(topic)?.next(event);
  }

  /** For what has to look by itself, and must not while nobody watches. To be called at the start. */
  whileWatched(topic: LiveTopic, begin: BeginWatched): void {
    const sources = this.#sources.get(topic);
    if (sources === undefined) this.#sources.set(topic, [begin]);
    else sources.push(begin);
  }

  /** Hot: from the moment of subscribing on. */
  watch(topic: LiveTopic): Observable<object> {
    return new Observable<object>((subscriber) => {
      const watched = this.#topics.get(topic) ?? this.#begin(topic);
      return watched
        .pipe(
          finalize(() => {
            if (!watched.observed) this.#end(topic);
          }),
        )
        .subscribe(subscriber);
    });
  }

  #begin(topic: LiveTopic): Subject<object> {
    const subject = new Subject<object>();
    this.#topics.set(topic, subject);
    const sources = this.#sources.get(topic) ?? [];
    this.#ends.set(
      topic,
      sources.map((begin) => begin()),
    );
    return subject;
  }

  #end(topic: LiveTopic): void {
    this.#topics.delete(topic);
    const ends = this.#ends.get(topic) ?? [];
    this.#ends.delete(topic);
    for (const end of ends) end();
  }
}
