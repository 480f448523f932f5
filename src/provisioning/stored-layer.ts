import { Injectable, Logger, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { concatMap, defer, retry, type Subscription, timer } from 'rxjs';
import type { DataSource, EntityManager } from 'typeorm';
import { Sealer } from '../common/sealing/sealer.js';
import { Configuration } from '../config/configuration.js';
import { ChangeFeed } from '../database/change-feed.js';
import { READER } from '../database/data-source-options.js';
import { readRows, type UnreadableRow } from './stored-codec.js';
import { StoredObjectRow } from './stored-object.entity.js';

/** The change-feed topic of what people set of the configuration. */
export const PROVISIONING_TOPIC = 'provisioning';

const RETRY_DELAY_MS = 1_000;

/**
 * Keeps the configuration's stored layer as the database says: before the server listens, and
 * within a second of each change, in every process.
 */
@Injectable()
export class StoredLayer implements OnModuleInit, OnModuleDestroy {
  readonly #logger = new Logger(StoredLayer.name);
  readonly sealer: Sealer;
  #subscription: Subscription | undefined;
  #inForce = '';
  #reading: Promise<void> = Promise.resolve();

  constructor(
    private readonly configuration: Configuration,
    private readonly feed: ChangeFeed,
    @InjectDataSource(READER) private readonly reader: DataSource,
  ) {
    this.sealer = new Sealer(configuration.environment.encryptionKey);
  }

  async onModuleInit(): Promise<void> {
    // From now on, not from after the first reading: a change between the two would be missed.
    this.#subscription = this.feed
      .changes(PROVISIONING_TOPIC)
      .pipe(concatMap(() => defer(() => this.refresh()).pipe(retry({ delay: this.waitAndSay }))))
      .subscribe();
    await this.refresh();
  }

  onModuleDestroy(): void {
    this.#subscription?.unsubscribe();
  }

  /** Reads what is stored now. Rejects when the database does not answer; what was read before stays. */
  refresh(): Promise<void> {
    // One after the other, so that an earlier reading never replaces a later one.
    this.#reading = this.#reading.catch(() => undefined).then(() => this.#refreshNow());
    return this.#reading;
  }

  async #refreshNow(): Promise<void> {
    const rows = await findRows(this.reader.manager);
    const text = JSON.stringify(rows);
    if (text === this.#inForce) return;
    const { objects, unreadable } = readRows(rows, this.sealer);
    if (this.#inForce !== '' && unreadable.some(isOfOtherMaster)) {
      this.#logger.error(
        'What is stored was sealed with another master key; the earlier configuration stays in force until a start with that key',
      );
      return;
    }
    this.#inForce = text;
    if (rows.length === 0 && this.configuration.revision === 1) return;
    this.configuration.setStored(objects);
    this.#report(unreadable);
  }

  #report(unreadable: readonly UnreadableRow[]): void {
    for (const { row, reason } of unreadable) {
      this.#logger.error(
        `The ${row.kind} ${row.name} is left out: it cannot be read (${reason}); set it again`,
      );
    }
  }

  private readonly waitAndSay = (error: unknown) => {
    const reason = error instanceof Error ? error.message : 'unknown reason';
    this.#logger.error(`What is set by hand could not be read; the earlier holds: ${reason}`);
    return timer(RETRY_DELAY_MS);
  };
}

/** In the order in which they were made. */
export function findRows(manager: EntityManager): Promise<StoredObjectRow[]> {
  return manager.find(StoredObjectRow, { order: { id: 'ASC' } });
}

export function isOfOtherMaster({ reason }: UnreadableRow): boolean {
  return reason === 'other master key';
}
