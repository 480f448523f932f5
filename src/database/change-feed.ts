import { Inject, Injectable, Logger } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { filter, map, merge, type Observable, Subject } from 'rxjs';
import { DataSource, type EntityManager } from 'typeorm';

import { READER } from './data-source-options.js';
import { EVENT_BUS, type EventBus } from './event-bus.js';
import { insertRows } from './insert-rows.js';
import type { InsertTable } from './insert-table.js';

const POLL_INTERVAL_MS = 400;

const REVISIONS: InsertTable = {
  table: 'revisions',
  columns: [
    { name: 'topic', type: 'text' },
    { name: 'revision', type: 'integer' },
  ],
  onConflict: { keys: ['topic'], add: ['revision'] },
};

/**
 * Tells every process that something it keeps in memory changed in the database: at once where it
 * was changed, in less than a second elsewhere (another worker, another replica, the command line).
 */
@Injectable()
export class ChangeFeed {
  readonly #logger = new Logger(ChangeFeed.name);
  readonly #changed = new Subject<string>();
  readonly #seen = new Map<string, number>();
  readonly #reader: DataSource;
  readonly #bus: EventBus;
  #timer: NodeJS.Timeout | undefined;
  #polling: Promise<void> | undefined;
  #readable = true;

  constructor(@InjectDataSource(READER) reader: DataSource, @Inject(EVENT_BUS) bus: EventBus) {
    this.#reader = reader;
    this.#bus = bus;
  }

  /** Remembers the present revisions and begins to poll. What changed before is not emitted. */
  async start(): Promise<void> {
    if (this.#timer) return;
    for (const [topic, revision] of await this.#revisions()) this.#seen.set(topic, revision);
    this.#timer = setInterval(() => this.#pollUnlessPolling(), POLL_INTERVAL_MS);
    this.#timer.unref();
  }

  /** Records a change of `topic` (at most 32 characters) in the transaction that makes it. */
  async bump(manager: EntityManager, topic: string): Promise<void> {
    await insertRows(manager, REVISIONS, [[topic, 1]]);
  }

  /** After the commit: tells this process now and the others as soon as the bus can. */
  announce(topic: string): void {
    this.#bus.publish(topic);
  }

  /**
   * Emits after a change of `topic`, without an initial value. The same change may be told twice (by
   * the announcement and by the poll), so readers reload what is there rather than count.
   */
  changes(topic: string): Observable<void> {
    return merge(this.#changed, this.#bus.topics).pipe(
      filter((changed) => changed === topic),
      map(() => undefined),
    );
  }

  /** Reads the revisions now and emits what changed since the last look. Rejects when it cannot. */
  async poll(): Promise<void> {
    for (const [topic, revision] of await this.#revisions()) {
      if (this.#seen.get(topic) === revision) continue;
      this.#seen.set(topic, revision);
      this.#changed.next(topic);
    }
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    this.#timer = undefined;
    await this.#polling;
    await this.#bus.close();
  }

  #pollUnlessPolling(): void {
    this.#polling ??= this.poll()
      .then(
        () => this.#setReadable(true),
        () => this.#setReadable(false),
      )
      .finally(() => (this.#polling = undefined));
  }

  #setReadable(readable: boolean): void {
    if (this.#readable === readable) return;
    this.#readable = readable;
    if (readable)
      this.#logger.log('The database answers again; changes of other processes are seen.');
    else
      this.#logger.warn('The database does not answer; changes of other processes are seen later.');
  }

  async #revisions(): Promise<[string, number][]> {
    const rows: { topic: string; revision: number | string }[] = await this.#reader.query(
      'SELECT topic, revision FROM revisions',
    );
    return rows.map(({ topic, revision }) => [topic, Number(revision)]);
  }
}
