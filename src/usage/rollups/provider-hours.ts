import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { ANALYTICS } from '../../database/data-source-options.js';
import { ROLLUP_WIDTHS } from './rollup-columns.js';

/** What one provider did in one hour. */
export interface ProviderHour {
  /** Unix milliseconds of its begin. */
  readonly from: number;
  readonly requests: number;
  /** Of them those that ended in an error of ours or the provider's. */
  readonly errors: number;
  /** Mean; null where nothing was measured. */
  readonly latencyMs: number | null;
  readonly firstChunkMs: number | null;
}

type Raw = Readonly<Record<string, string | number | null>>;

/** How a provider has done of late, from the roll-ups alone. */
@Injectable()
export class ProviderHours {
  constructor(@InjectDataSource(ANALYTICS) private readonly source: DataSource) {}

  /** The hours that had requests, oldest first. */
  async of(provider: string, since: number): Promise<readonly ProviderHour[]> {
    const rows: Raw[] = await this.source
      .createQueryBuilder()
      .select('bucket_start', 'bucket_start')
      .addSelect('SUM(requests)', 'requests')
      .addSelect("SUM(CASE WHEN status = 'error' THEN requests ELSE 0 END)", 'errors')
      .addSelect('SUM(latency_ms)', 'latency')
      .addSelect('SUM(latency_requests)', 'timed')
      .addSelect('SUM(first_chunk_ms)', 'chunk')
      .addSelect('SUM(first_chunk_requests)', 'chunked')
      .from('usage_rollups_now', 'rollup')
      .where('bucket_ms = :width AND bucket_start >= :since AND provider = :provider', {
        width: ROLLUP_WIDTHS.hour,
        since,
        provider,
      })
      .groupBy('bucket_start')
      .orderBy('bucket_start')
      .getRawMany();
    return rows.map((row) => ({
      from: Number(row['bucket_start']),
      requests: Number(row['requests']),
      errors: Number(row['errors']),
      latencyMs: mean(row['latency'], row['timed']),
      firstChunkMs: mean(row['chunk'], row['chunked']),
    }));
  }
}

function mean(sum: Raw[string] = 0, count: Raw[string] = 0): number | null {
  return Number(count) === 0 ? null : Math.round(Number(sum) / Number(count));
}
