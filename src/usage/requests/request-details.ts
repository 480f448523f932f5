import { Inject, Injectable } from '@nestjs/common';
import { getDataSourceToken } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { costParts, type CostPart } from '../../catalog/cost-parts.js';
import type { Price } from '../../catalog/price.js';
import { ANALYTICS } from '../../database/data-source-options.js';
import { queryNamed } from '../queries/named-sql.js';
import { readUsageEntry } from '../read-usage-entry.js';
import { usageOf } from '../repricing/repriced-cost.js';
import type { UsageEntry } from '../usage-entry.js';

/** All that the books have of a request. */
export interface RequestDetails {
  /** What holds now; the reservation, while it is open. */
  readonly entry: UsageEntry;
  readonly reserved: UsageEntry;
  /** The entry that closed it; undefined while it is open. */
  readonly closed: UsageEntry | undefined;
  /** What each correction made of it, in their order. */
  readonly corrections: readonly UsageEntry[];
  readonly price: AppliedPriceRecord | null;
  readonly cost: readonly CostPart[];
}

export interface AppliedPriceRecord {
  readonly id: string;
  readonly price: Price;
}

/** One request with everything about it. */
@Injectable()
export class RequestDetailsReader {
  constructor(@Inject(getDataSourceToken(ANALYTICS)) private readonly source: DataSource) {}

  async find(requestId: string): Promise<RequestDetails | undefined> {
    const rows = await queryNamed<Record<string, unknown>>(
      this.source,
      'SELECT * FROM usage_entries WHERE request_id = :requestId ORDER BY sequence',
      { requestId },
    );
    const entries = rows.map(readUsageEntry);
    const [reserved] = entries;
    if (reserved === undefined) return undefined;
    const booked = entries.filter(({ requests }) => requests > 0);
    const [closed, ...corrections] = booked;
    const entry = booked.at(-1) ?? reserved;
    const price = await this.#priceOf(entry);
    return { entry, reserved, closed, corrections, price, cost: partsOf(entry, price) };
  }

  async #priceOf({ priceId }: UsageEntry): Promise<AppliedPriceRecord | null> {
    if (priceId === null) return null;
    const [row] = await queryNamed<{ price: string }>(
      this.source,
      'SELECT price FROM usage_prices WHERE id = :priceId',
      { priceId },
    );
    return row === undefined ? null : { id: priceId, price: JSON.parse(row.price) as Price };
  }
}

/** Nothing for a request that failed before it used anything: it is not charged for the attempt either. */
function partsOf(entry: UsageEntry, applied: AppliedPriceRecord | null): CostPart[] {
  if (applied === null || entry.costNanoUsd === null || entry.costNanoUsd === 0) return [];
  return costParts(usageOf(entry), applied.price);
}
