import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { ChangeFeed } from '../database/change-feed.js';
import { GroupCommitWriter } from '../database/group-commit-writer.js';

/** The change-feed topic of clients and their keys. */
export const CLIENTS_TOPIC = 'clients';

/** The only way to change clients and keys: writes, and tells every process that caches them. */
@Injectable()
export class ClientWriter {
  constructor(
    private readonly writer: GroupCommitWriter,
    private readonly feed: ChangeFeed,
  ) {}

  /**
   * Runs `work` in one transaction and resolves after every cache of this process has been told.
   * No other process changes clients meanwhile: the revision is counted first, and its row stays
   * locked to the end, so that `work` may read and then write.
   */
  async write<T>(work: (manager: EntityManager) => Promise<T>): Promise<T> {
    const result = await this.writer.transaction(async (manager) => {
      await this.feed.bump(manager, CLIENTS_TOPIC);
      return work(manager);
    });
    this.feed.announce(CLIENTS_TOPIC);
    return result;
  }
}
