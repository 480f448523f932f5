import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { ChangeFeed } from '../../database/change-feed.js';
import { GroupCommitWriter } from '../../database/group-commit-writer.js';

/** The change-feed topic of people and of what ends their sessions. */
export const PEOPLE_TOPIC = 'people';

/** The only way to change people and to end sessions: writes, and tells every process that caches them. */
@Injectable()
export class PeopleWriter {
  constructor(
    private readonly writer: GroupCommitWriter,
    private readonly feed: ChangeFeed,
  ) {}

  /**
   * Runs `work` in one transaction and resolves after every cache of this process has been told.
   * No other process changes people meanwhile: the revision is counted first, and its row stays
   * locked to the end, so that `work` may read and then write.
   */
  async write<T>(work: (manager: EntityManager) => Promise<T>): Promise<T> {
    const result = await this.writer.transaction(async (manager) => {
      await this.feed.bump(manager, PEOPLE_TOPIC);
      return work(manager);
    });
    this.feed.announce(PEOPLE_TOPIC);
    return result;
  }
}
