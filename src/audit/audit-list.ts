import { Inject, Injectable } from '@nestjs/common';
import { getDataSourceToken } from '@nestjs/typeorm';
import type { DataSource, SelectQueryBuilder } from 'typeorm';
import { ANALYTICS } from '../database/data-source-options.js';
import { AuditEntry } from './audit-entry.entity.js';

/** What an absent member says does not matter. */
export interface AuditFilter {
  /** Id or name of who did it. */
  readonly actor?: string | undefined;
  /** What was done, such as `client.update`, or its first part for all of that kind. */
  readonly action?: string | undefined;
  /** Id or name of what it was done to. */
  readonly subject?: string | undefined;
  /** Epoch milliseconds, inclusive. */
  readonly from?: number | undefined;
  /** Exclusive. */
  readonly to?: number | undefined;
}

const EXPORT_PAGE = 500;

/** Reads the changes that were recorded, newest first. */
@Injectable()
export class AuditList {
  constructor(@Inject(getDataSourceToken(ANALYTICS)) private readonly reader: DataSource) {}

  /**
   * @param before the id of the last entry of the page before
   * @param limit most entries
   */
  find(filter: AuditFilter, limit: number, before?: string): Promise<AuditEntry[]> {
    const query = this.reader.manager
      .createQueryBuilder(AuditEntry, 'entry')
      .orderBy('entry.id', 'DESC')
      .limit(limit);
    if (before !== undefined) query.andWhere('entry.id < :before', { before });
    narrow(query, filter);
    return query.getMany();
  }

  /** All of them, read in pages. */
  async *all(filter: AuditFilter): AsyncGenerator<AuditEntry> {
    let before: string | undefined;
    for (;;) {
      const page = await this.find(filter, EXPORT_PAGE, before);
      yield* page;
      before = page.at(-1)?.id;
      if (page.length < EXPORT_PAGE) return;
    }
  }
}

function narrow(query: SelectQueryBuilder<AuditEntry>, filter: AuditFilter): void {
  const { actor, action, subject, from, to } = filter;
  if (actor !== undefined) {
    query.andWhere('(entry.actorId = :actor OR entry.actorName = :actor)', { actor });
  }
  if (action !== undefined) {
    // Not LIKE, to which an underscore means any character.
    query.andWhere(
      '(entry.action = :action OR substr(entry.action, 1, :kindLength) = :actionKind)',
      { action, actionKind: `${action}.`, kindLength: action.length + 1 },
    );
  }
  if (subject !== undefined) {
    query.andWhere('(entry.subjectId = :subject OR entry.subjectName = :subject)', { subject });
  }
  if (from !== undefined) query.andWhere('entry.createdAt >= :from', { from });
  if (to !== undefined) query.andWhere('entry.createdAt < :to', { to });
}
