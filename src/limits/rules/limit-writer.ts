import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { ChangeFeed } from '../../database/change-feed.js';
import { GroupCommitWriter } from '../../database/group-commit-writer.js';

/** The change-feed topic of limits and budgets. */
export const LIMITS_TOPIC = 'limits';

/** The only way to change limits and budgets: writes, and tells every process that enforces them. */
@Injectable()
export class LimitWriter {
  constructor(
    private readonly writer: GroupCommitWriter,
    private readonly feed: ChangeFeed,
  ) {}

  /** Runs `work` in one transaction, in turn with every other change of limits and budgets. */
  async write<T>(work: (manager: EntityManager) => Promise<T>): Promise<T> {
    const result = await this.writer.transaction((manager) => this.within(manager, work));
    this.feed.announce(LIMITS_TOPIC);
    return result;
  }

  /** The same in a transaction that is open already; other processes see it once that is committed. */
  async within<T>(
    manager: EntityManager,
    work: (manager: EntityManager) => Promise<T>,
  ): Promise<T> {
    // First: its row stays locked to the end, so that `work` may read and then write.
    await this.feed.bump(manager, LIMITS_TOPIC);
    return work(manager);
  }
}
