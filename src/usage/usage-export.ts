import { Inject, Injectable } from '@nestjs/common';
import { getDataSourceToken } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { ANALYTICS } from '../database/data-source-options.js';
import { readUsageEntry } from './read-usage-entry.js';
import {
  filterConditions,
  filterParameters,
  type RequestFilter,
} from './requests/request-filter.js';
import type { UsageEntry } from './usage-entry.js';

export interface ExportRange {
  /** Milliseconds since the epoch, inclusive. */
  readonly from: number;
  /** Exclusive. */
  readonly to: number;
}

/** One request as the outside sees it. Names and order are part of the public surface. */
export interface UsageRow {
  request_id: string;
  created_at: string;
  client: string;
  api_key_id: string;
  dialect: string;
  requested_model: string;
  provider: string;
  model: string;
  status: string;
  attempts: number;
  input_tokens: number;
  cached_input_tokens: number;
  cache_write_tokens: number;
  output_tokens: number;
  reasoning_tokens: number;
  cost_nano_usd: number | null;
  estimated: boolean;
  cache_hit: boolean;
  has_images: boolean;
  latency_ms: number | null;
  first_chunk_ms: number | null;
  stream: boolean;
  http_status: number | null;
  error_code: string | null;
  upstream_request_id: string | null;
  tags: string | null;
  user: string | null;
  session: string | null;
  /** What did not reach the vendor as it was, such as `seed=dropped`; null when everything did. */
  translation: string | null;
  /** Such as `{"image":2}`; null when only tokens were counted. */
  units: string | null;
  /** What the vendor says that it charged. */
  provider_cost_nano_usd: number | null;
  /** `standard_tier_rates`: the price has no rates for the tier that was served. */
  price_note: string | null;
  service_tier: string | null;
  /** Why it went where it went, such as `strategy=weighted`; null where that is plain. */
  route: string | null;
}

const PAGE = 1000;

/** Reads the ledger row by row, in pages, so that a year of traffic needs no more memory than an hour. */
@Injectable()
export class UsageExport {
  constructor(@Inject(getDataSourceToken(ANALYTICS)) private readonly reader: DataSource) {}

  /** Oldest first; of a corrected request what holds now. Open requests are not in it. */
  async *rows(range: ExportRange, filter: RequestFilter = {}): AsyncGenerator<UsageRow> {
    const clients = await this.#clientNames();
    for await (const entry of this.#entries(range, filter)) yield toRow(entry, clients);
  }

  async *#entries({ from, to }: ExportRange, filter: RequestFilter): AsyncGenerator<UsageEntry> {
    let after = { createdAt: from, requestId: '' };
    for (;;) {
      const rows: Record<string, unknown>[] = await this.reader
        .createQueryBuilder()
        .select('entry.*')
        .from('usage_entries', 'entry')
        .where('entry.created_at >= :from AND entry.created_at < :to', {
          from: after.createdAt,
          to,
        })
        .andWhere(`entry.requests > 0${filterConditions(filter)}`, filterParameters(filter))
        .andWhere(
          'NOT EXISTS (SELECT 1 FROM usage_entries later WHERE later.request_id = entry.request_id AND later.sequence > entry.sequence)',
        )
        .andWhere('(entry.created_at, entry.request_id) > (:createdAt, :requestId)', after)
        .orderBy('entry.created_at')
        .addOrderBy('entry.request_id')
        .limit(PAGE)
        .getRawMany();
      for (const row of rows) yield readUsageEntry(row);
      const last = rows.at(-1);
      if (last === undefined || rows.length < PAGE) return;
      const { createdAt, requestId } = readUsageEntry(last);
      after = { createdAt, requestId };
    }
  }

  async #clientNames(): Promise<Map<string, string>> {
    const rows: { id: string; name: string }[] = await this.reader
      .createQueryBuilder()
      .select(['id', 'name'])
      .from('clients', 'client')
      .getRawMany();
    return new Map(rows.map(({ id, name }) => [id, name]));
  }
}

function toRow(entry: UsageEntry, clients: ReadonlyMap<string, string>): UsageRow {
  return {
    request_id: entry.requestId,
    created_at: new Date(entry.createdAt).toISOString(),
    client: clients.get(entry.clientId) ?? entry.clientId,
    api_key_id: entry.apiKeyId,
    dialect: entry.dialect,
    requested_model: entry.requestedModel,
    provider: entry.provider,
    model: entry.model,
    status: entry.status,
    attempts: entry.attempts,
    input_tokens: entry.inputTokens,
    cached_input_tokens: entry.cachedInputTokens,
    cache_write_tokens: entry.cacheWriteTokens + entry.cacheWrite1hTokens,
    output_tokens: entry.outputTokens,
    reasoning_tokens: entry.reasoningTokens,
    cost_nano_usd: entry.costNanoUsd,
    estimated: entry.estimated,
    cache_hit: entry.cacheHit,
    has_images: entry.hasImages,
    latency_ms: entry.latencyMs,
    first_chunk_ms: entry.firstChunkMs,
    stream: entry.stream,
    http_status: entry.httpStatus,
    error_code: entry.errorCode,
    upstream_request_id: entry.upstreamRequestId,
    tags: entry.tags,
    user: entry.endUser,
    session: entry.session,
    translation: entry.translation,
    units: entry.units === null ? null : JSON.stringify(entry.units),
    provider_cost_nano_usd: entry.providerCostNanoUsd,
    price_note: entry.priceNote,
    service_tier: entry.serviceTier,
    route: entry.route,
  };
}
