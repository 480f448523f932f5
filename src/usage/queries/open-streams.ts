import { Inject, Injectable } from '@nestjs/common';
import { getDataSourceToken } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { ANALYTICS } from '../../database/data-source-options.js';
import { ProcessLease } from '../../database/process-lease.js';

/** Clocks of two hosts differ, and a process says now and then only what its oldest request is. */
const MARGIN_MS = 10_000;

/** Streams that are in the ledger and not closed yet, those of all processes. */
@Injectable()
export class OpenStreams {
  constructor(
    private readonly lease: ProcessLease,
    @Inject(getDataSourceToken(ANALYTICS)) private readonly source: DataSource,
  ) {}

  async count(): Promise<number> {
    const since = (await this.lease.processes()).map(({ oldestOpenAt, heartbeatAt }) =>
      Math.min(oldestOpenAt ?? heartbeatAt, heartbeatAt),
    );
    const row = await this.source
      .createQueryBuilder()
      .select('COUNT(*)', 'count')
      .from('usage_entries', 'entry')
      .where('entry.created_at >= :since AND entry.sequence = 0 AND entry.stream', {
        since: Math.min(Date.now(), ...since) - MARGIN_MS,
      })
      .andWhere(
        'NOT EXISTS (SELECT 1 FROM usage_entries closing WHERE closing.request_id = entry.request_id AND closing.sequence = 1)',
      )
      .getRawOne<{ count: string | number }>();
    return Number(row?.count ?? 0);
  }
}
