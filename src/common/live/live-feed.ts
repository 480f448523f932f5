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

/**
 * Where features tell what just happened, for whoever looks at that moment. Nobody may rely on it:
 * the ledger and the tables are the truth, and a watcher that falls behind reads those again.
 */
@Injectable()
export class LiveFeed {
  readonly #topics = new Map<LiveTopic, Subject<object>>();

  /** Whether an event is worth building. */
  isWatched(topic: LiveTopic): boolean {
    return this.#topics.has(topic);
  }

  /** `event` is plain data without secrets; it reaches the watchers of this process at once. */
  publish(topic: LiveTopic, event: object): void {
    this.#topics.get(topic)?.next(event);
  }

  /** Hot: from the moment of subscribing on. */
  watch(topic: LiveTopic): Observable<object> {
    return new Observable<object>((subscriber) => {
      let subject = this.#topics.get(topic);
      if (subject === undefined) this.#topics.set(topic, (subject = new Subject()));
      const watched = subject;
      return watched
        .pipe(
          finalize(() => {
            if (!watched.observed) this.#topics.delete(topic);
          }),
        )
        .subscribe(subscriber);
    });
  }
}
