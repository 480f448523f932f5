import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { type DataSource, In } from 'typeorm';
import { Client } from '../../clients/client.entity.js';
import { ANALYTICS } from '../../database/data-source-options.js';
import type { HourOfUse } from './usual-rate.js';

const HOUR_MS = 3_600_000;
/** Older hours would hardly count. */
const LOOKED_AT_MS = 14 * 24 * HOUR_MS;

/** A client of the configuration file and what it has used. */
export interface ClientHistory {
  readonly id: string;
  readonly name: string;
  readonly hours: readonly HourOfUse[];
}

/** What clients used in each hour, from the ledger's roll-ups. */
@Injectable()
export class UsageHistory {
  constructor(@InjectDataSource(ANALYTICS) private readonly reader: DataSource) {}

  /**
   * Of those clients of the file that are stored.
   * @param now Unix milliseconds
   */
  async of(names: readonly string[], now: number): Promise<readonly ClientHistory[]> {
    const clients = await this.reader.manager.find(Client, {
      select: { id: true, name: true },
      where: { source: 'config', name: In([...names]) },
    });
    if (clients.length === 0) return [];
    const rows = await this.reader
      .createQueryBuilder()
      .select(['client_id AS client', 'bucket_start AS start', 'SUM(requests) AS requests'])
      .from('usage_rollups_now', 'rollup')
      .where('bucket_ms = :width AND bucket_start >= :since', {
        width: HOUR_MS,
        since: now - LOOKED_AT_MS,
      })
      .andWhere('client_id IN (:...ids)', { ids: clients.map(({ id }) => id) })
      .groupBy('client_id')
      .addGroupBy('bucket_start')
      .getRawMany<{ client: string; start: string | number; requests: string | number }>();
    return clients.map(({ id, name }) => ({
      id,
      name,
      hours: rows
        .filter(({ client }) => client === id)
        .map(({ start, requests }) => ({ startedAt: Number(start), requests: Number(requests) })),
    }));
  }
}
