import type { Observable } from 'rxjs';

/** Tells the other processes that a topic changed. Best effort: whoever must know polls as well. */
export interface EventBus {
  /** Topics announced by any process; those of this process at once and only once. */
  readonly topics: Observable<string>;
  /** Never rejects and never waits for the network. */
  publish(topic: string): void;
  close(): Promise<void>;
}

/** Injection token of the `EventBus`. */
export const EVENT_BUS = Symbol('EVENT_BUS');
