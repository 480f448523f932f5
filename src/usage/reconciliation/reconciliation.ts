import { Inject, Injectable } from '@nestjs/common';
import { getDataSourceToken } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { ANALYTICS } from '../../database/data-source-options.js';
import type { ReportedUsage, ReportRange } from '../../providers/contract/usage-report.js';
import { ROLLUP_WIDTHS } from '../rollups/rollup-columns.js';
import { compareBooks, type BookedUsage, type Comparison } from './compare-books.js';

const { day } = ROLLUP_WIDTHS;

/** Vendors count no requests that they refused or never saw. */
const UNCOUNTED = `'error', 'rejected'`;

/** Holds the ledger against the vendor's own books. Reads only. */
@Injectable()
export class Reconciliation {
  constructor(@Inject(getDataSourceToken(ANALYTICS)) private readonly reader: DataSource) {}

  /** Of one instance; days of the vendor outside of the range are left out. */
  async compare(
    instance: string,
    range: ReportRange,
    reported: readonly ReportedUsage[],
  ): Promise<Comparison> {
    const within = reported.filter(({ day: name }) => {
      const time = Date.parse(`${name}T00:00:00Z`);
      return time >= range.from && time < range.to;
    });
    return compareBooks(await this.#booked(instance, range), within);
  }

  /** From the roll-ups by day, which stay when entries are gone. */
  async #booked(instance: string, { from, to }: ReportRange): Promise<BookedUsage[]> {
    const rows: Record<string, string | number>[] = await this.reader
      .createQueryBuilder()
      .select('bucket_start')
      .addSelect('model')
      .addSelect(`SUM(CASE WHEN status IN (${UNCOUNTED}) THEN 0 ELSE requests END)`, 'requests')
      .addSelect('SUM(input_tokens)', 'input_tokens')
      .addSelect('SUM(output_tokens)', 'output_tokens')
      .addSelect('SUM(cost_nano_usd)', 'cost_nano_usd')
      .from('usage_rollups_now', 'rollup')
      .where('bucket_ms = :day AND bucket_start >= :from AND bucket_start < :to', { day, from, to })
      .andWhere('provider = :instance', { instance })
      .groupBy('bucket_start')
      .addGroupBy('model')
      .orderBy('bucket_start')
      .addOrderBy('model')
      .getRawMany();
    return rows.map((row) => ({
      day: new Date(Number(row['bucket_start'])).toISOString().slice(0, 10),
      model: String(row['model']),
      requests: Number(row['requests']),
      inputTokens: Number(row['input_tokens']),
      outputTokens: Number(row['output_tokens']),
      costNanoUsd: Number(row['cost_nano_usd']),
    }));
  }
}
