import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource, ObjectLiteral, SelectQueryBuilder } from 'typeorm';
import { ANALYTICS } from '../../database/data-source-options.js';
import { END_OF_TIME, periodOf } from '../rules/budget-period.js';
import type { BudgetRule, BudgetScope } from '../rules/budget-rule.js';
import { type BudgetBalance, BudgetBalances } from './budget-balances.js';

const HOUR_MS = 3_600_000;

/** Roll-ups and entries name a subject alike; everything counts for `global`. */
const SUBJECT_COLUMNS: Readonly<Record<BudgetScope, string | undefined>> = {
  global: undefined,
  client: 'client_id',
  key: 'api_key_id',
  provider: 'provider',
};

/** Balances as the books alone have them, for any process that can read the database. */
@Injectable()
export class LedgerBalances extends BudgetBalances {
  constructor(@InjectDataSource(ANALYTICS) private readonly reader: DataSource) {
    super();
  }

  async of(
    rules: readonly BudgetRule[],
    now = Date.now(),
  ): Promise<ReadonlyMap<string, BudgetBalance>> {
    const balances = new Map<string, BudgetBalance>();
    if (rules.length === 0) return balances;
    const openSince = await this.#openSince();
    for (const rule of rules) {
      const { start, end } = periodOf(rule, now);
      balances.set(rule.id, {
        spentNanoUsd: await this.#spent(rule, start, end),
        reservedNanoUsd: await this.#reserved(rule, Math.max(start, openSince), end),
        resetsAt: end === END_OF_TIME ? null : end,
      });
    }
    return balances;
  }

  /** Roll-ups of whole hours, and the entries before the first of them where a zone is half an hour off. */
  async #spent(rule: BudgetRule, start: number, end: number): Promise<number> {
    const wholeFrom = Math.ceil(start / HOUR_MS) * HOUR_MS;
    const rolled = await this.#sum(rule, 'usage_rollups', 'cost_nano_usd', (query) =>
      query.where('bucket_start >= :wholeFrom AND bucket_start < :end', { wholeFrom, end }),
    );
    if (wholeFrom === start) return rolled;
    const before = await this.#sum(rule, 'usage_entries', 'cost_nano_usd', (query) =>
      query
        .where('created_at >= :start AND created_at < :wholeFrom', { start, wholeFrom })
        .andWhere(`kind <> 'reserved'`),
    );
    return rolled + before;
  }

  async #reserved(rule: BudgetRule, since: number, end: number): Promise<number> {
    return this.#sum(rule, 'usage_entries', 'reserved_nano_usd', (query) =>
      query
        .where('created_at >= :since AND created_at < :end', { since, end })
        .andWhere('sequence = 0')
        .andWhere(
          'NOT EXISTS (SELECT 1 FROM usage_entries closing WHERE closing.request_id = source.request_id AND closing.sequence = 1)',
        ),
    );
  }

  async #sum(
    { scope, scopeId }: BudgetRule,
    table: string,
    column: string,
    narrow: (query: SelectQueryBuilder<ObjectLiteral>) => SelectQueryBuilder<ObjectLiteral>,
  ): Promise<number> {
    const all = this.reader
      .createQueryBuilder()
      .select(`SUM(${column})`, 'sum')
      .from(table, 'source');
    const query = narrow(all);
    const subject = SUBJECT_COLUMNS[scope];
    if (subject !== undefined) query.andWhere(`${subject} = :scopeId`, { scopeId });
    const row = await query.getRawOne<{ sum: string | number | null }>();
    return Number(row?.sum ?? 0);
  }

  /** No living process has a reservation that is older; bounds the search for open ones. */
  async #openSince(): Promise<number> {
    const row = await this.reader
      .createQueryBuilder()
      .select('MIN(COALESCE(oldest_open_at, heartbeat_at))', 'since')
      .from('processes', 'process')
      .getRawOne<{ since: string | number | null }>();
    return Number(row?.since ?? END_OF_TIME);
  }
}
