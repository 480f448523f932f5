import { Subject } from 'rxjs';

import type { EventBus } from './event-bus.js';

/** For one process. */
export class MemoryEventBus implements EventBus {
  readonly topics = new Subject<string>();

  publish(topic: string): void {
    this.topics.next(topic);
  }

  async close(): Promise<void> {
    this.topics.complete();
  }
}
