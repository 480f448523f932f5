import { Inject, Injectable } from '@nestjs/common';
import { getDataSourceToken } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import type { ModelAddress } from '../../catalog/model-address.js';
import { ANALYTICS } from '../../database/data-source-options.js';
import { isUniqueViolation } from '../../database/database-errors.js';
import { GroupCommitWriter } from '../../database/group-commit-writer.js';
import { correctionOf } from '../correction.js';
import { PriceRecords } from '../price-records.js';
import { readUsageEntry } from '../read-usage-entry.js';
import { UsageEntries } from '../usage-entries.js';
import type { UsageEntry } from '../usage-entry.js';
import { repricedCost } from './repriced-cost.js';

export interface RepricingOrder {
  /** Milliseconds since the epoch: admitted at or after it. */
  readonly from: number;
  /** Exclusive. */
  readonly to: number;
  /** Only what this model answered. */
  readonly model?: ModelAddress | undefined;
  /** Count and write nothing. */
  readonly dryRun: boolean;
}

/** Sums are exact, in nano-USD; an unpriced request adds nothing to them. */
export interface RepricingReport {
  readonly requests: number;
  readonly changed: number;
  /** Left as they are booked, because no price in force says what they cost. */
  readonly withoutPrice: number;
  readonly beforeNanoUsd: bigint;
  readonly afterNanoUsd: bigint;
}

interface Place {
  readonly createdAt: number;
  readonly requestId: string;
}

/** Requests per transaction: a proxy at work waits for one of them. */
const PAGE = 200;
const ATTEMPTS = 5;

/**
 * Books past requests at the price that holds, as the catalogue says now, for the moment of their
 * admission. Where the cost is another, the booking is taken back and made anew; a second run
 * finds nothing to do.
 */
@Injectable()
export class Repricing {
  constructor(
    private readonly writer: GroupCommitWriter,
    private readonly entries: UsageEntries,
    private readonly prices: PriceRecords,
    @Inject(getDataSourceToken(ANALYTICS)) private readonly reader: DataSource,
  ) {}

  async run(order: RepricingOrder): Promise<RepricingReport> {
    const report = {
      requests: 0,
      changed: 0,
      withoutPrice: 0,
      beforeNanoUsd: 0n,
      afterNanoUsd: 0n,
    };
    let after: Place | undefined = { createdAt: order.from, requestId: '' };
    while (after !== undefined) {
      const booked: UsageEntry[] = await this.#reprice(order, after);
      for (const entry of booked) {
        const truth = this.#repriced(entry);
        report.requests += 1;
        report.beforeNanoUsd += BigInt(entry.costNanoUsd ?? 0);
        report.afterNanoUsd += BigInt((truth ?? entry).costNanoUsd ?? 0);
        if (truth === undefined) report.withoutPrice += 1;
        else if (truth.costNanoUsd !== entry.costNanoUsd) report.changed += 1;
      }
      after = booked.length < PAGE ? undefined : booked.at(-1);
    }
    return report;
  }

  /** One page, as it was booked before. */
  async #reprice(order: RepricingOrder, after: Place): Promise<UsageEntry[]> {
    for (let attempt = 1; ; attempt += 1) {
      const booked = await this.#bookedAfter(order, after);
      const corrections = booked.flatMap((entry) => {
        const truth = this.#repriced(entry);
        if (truth === undefined || truth.costNanoUsd === entry.costNanoUsd) return [];
        return correctionOf(entry, truth);
      });
      if (order.dryRun || corrections.length === 0) return booked;
      try {
        await this.writer.transaction((manager) => this.entries.write(manager, corrections));
        return booked;
      } catch (error) {
        // Somebody corrected one of them since it was read: its next sequence number is taken.
        if (!isUniqueViolation(error) || attempt === ATTEMPTS) throw error;
      }
    }
  }

  /** Undefined when no price says what it costs. */
  #repriced(entry: UsageEntry): UsageEntry | undefined {
    const address = { instance: entry.provider, model: entry.model };
    const applied = this.prices.applied(address, new Date(entry.createdAt));
    if (applied === undefined) return undefined;
    const costNanoUsd = repricedCost(entry, applied.price);
    if (costNanoUsd === null) return undefined;
    return { ...entry, costNanoUsd, priceId: applied.id };
  }

  /** The last entries of closed requests, in the order of their admission. */
  async #bookedAfter({ from, to, model }: RepricingOrder, after: Place): Promise<UsageEntry[]> {
    const query = this.reader
      .createQueryBuilder()
      .select('entry.*')
      .from('usage_entries', 'entry')
      .where('entry.created_at >= :from AND entry.created_at < :to', {
        from: Math.max(from, after.createdAt),
        to,
      })
      .andWhere('(entry.created_at, entry.request_id) > (:createdAt, :requestId)', after)
      .andWhere('entry.requests > 0 AND NOT entry.cache_hit')
      .andWhere(
        'NOT EXISTS (SELECT 1 FROM usage_entries later WHERE later.request_id = entry.request_id AND later.sequence > entry.sequence)',
      );
    if (model !== undefined) {
      query.andWhere('entry.provider = :instance AND entry.model = :model', {
        instance: model.instance,
        model: model.model,
      });
    }
    const rows: Record<string, unknown>[] = await query
      .orderBy('entry.created_at')
      .addOrderBy('entry.request_id')
      .limit(PAGE)
      .getRawMany();
    return rows.map(readUsageEntry);
  }
}
