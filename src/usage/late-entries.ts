import { setTimeout as pause } from 'node:timers/promises';
import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import { isUnavailable } from '../database/database-errors.js';
import { UsageEntries } from './usage-entries.js';
import type { UsageEntry } from './usage-entry.js';

const RETRY_MS = 500;
/** Beyond this many the database has been away for long; the next boot closes the rest. */
const MAX_DOUBTFUL = 10_000;

interface Waiting {
  readonly entry: UsageEntry;
  readonly written: () => void;
}

/** Closing entries that a database in trouble would not take: written as soon as it does. */
@Injectable()
export class LateEntries implements OnModuleDestroy {
  readonly #logger = new Logger(LateEntries.name);
  readonly #waiting = new Map<string, Waiting>();
  /** Closings of reservations that may have been written although the database refused them. */
  readonly #doubtful = new Map<string, UsageEntry>();
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;
  /** An outage is told once, at its beginning, and once at its end. */
  #failureTold = false;

  constructor(private readonly entries: UsageEntries) {}

  onModuleDestroy(): void {
    clearTimeout(this.#timer);
  }

  get size(): number {
    return this.#waiting.size + this.#doubtful.size;
  }

  /** Calls `written` when the entry is in the books. */
  add(entry: UsageEntry, written: () => void): void {
    this.#waiting.set(entry.requestId, { entry, written });
    this.#schedule();
  }

  /** Writes `closing` if it turns out that its request was reserved after all. */
  doubt(closing: UsageEntry): void {
    if (this.#doubtful.size >= MAX_DOUBTFUL) return;
    this.#doubtful.set(closing.requestId, closing);
    this.#schedule();
  }

  /** Resolves when nothing waits any more. */
  async flush(): Promise<void> {
    while (this.size > 0) {
      await this.#run();
      if (this.size > 0) await pause(RETRY_MS);
    }
  }

  #schedule(): void {
    if (this.#timer !== undefined) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      void this.#run();
    }, RETRY_MS).unref();
  }

  /** One at a time: two that write the same entry would take each other for a stranger. */
  #run(): Promise<void> {
    return (this.#running ??= this.#writeAll().finally(() => {
      this.#running = undefined;
    }));
  }

  async #writeAll(): Promise<void> {
    await this.#writeEach(this.#waiting, async ({ entry, written }) => {
      await this.entries.close(entry);
      written();
    });
    await this.#writeEach(this.#doubtful, async (closing) => {
      if (await this.entries.isReserved(closing.requestId)) await this.entries.close(closing);
    });
    if (this.size > 0) {
      this.#schedule();
    } else if (this.#failureTold) {
      this.#failureTold = false;
      this.#logger.log({ message: 'all settlements are written' });
    }
  }

  async #writeEach<T>(items: Map<string, T>, write: (item: T) => Promise<void>): Promise<void> {
    for (const [requestId, item] of items) {
      try {
        await write(item);
      } catch (error) {
        this.#tellFailure(error);
        // One row that the database refuses does not keep the others from being written.
        if (isUnavailable(error)) return;
        continue;
      }
      items.delete(requestId);
    }
  }

  #tellFailure(error: unknown): void {
    if (this.#failureTold) return;
    this.#failureTold = true;
    this.#logger.error({
      message: 'settlements wait for the database',
      count: this.#waiting.size,
      err: error,
    });
  }
}
