import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { ANALYTICS } from '../../database/data-source-options.js';
import { ROLLUP_WIDTHS } from './rollup-columns.js';

/** Further back it is read from the usage itself. */
const LOOKED_BACK_MS = 30 * 86_400_000;

/** When models were used last, by the hour, from the roll-ups of the last thirty days. */
@Injectable()
export class LastUse {
  constructor(@InjectDataSource(ANALYTICS) private readonly source: DataSource) {}

  /** By `instance/model`: Unix milliseconds of the begin of the hour. */
  async byModel(now: number = Date.now()): Promise<ReadonlyMap<string, number>> {
    const rows: { provider: string; model: string; last: string | number }[] = await this.source
      .createQueryBuilder()
      .select('provider', 'provider')
      .addSelect('model', 'model')
      .addSelect('MAX(bucket_start)', 'last')
      .from('usage_rollups_now', 'rollup')
      .where('bucket_ms = :width AND bucket_start >= :since', {
        width: ROLLUP_WIDTHS.hour,
        since: now - LOOKED_BACK_MS,
      })
      .groupBy('provider')
      .addGroupBy('model')
      .getRawMany();
    return new Map(rows.map(({ provider, model, last }) => [`${provider}/${model}`, Number(last)]));
  }
}
