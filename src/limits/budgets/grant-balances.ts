import { Inject, Injectable } from '@nestjs/common';
import { getDataSourceToken } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { READER } from '../../database/data-source-options.js';
import { ProcessLease } from '../../database/process-lease.js';
import { END_OF_TIME, periodOf } from '../rules/budget-period.js';
import type { BudgetRule } from '../rules/budget-rule.js';
import { type BudgetBalance, BudgetBalances } from './budget-balances.js';
import { BudgetPools } from './budget-pools.js';
import { nameOf } from './budget-subject.js';
import { GrantLedger } from './grant-ledger.js';

interface StandingRow {
  readonly subject: string;
  readonly period_start: number | string;
  readonly period_end: number | string;
  readonly spent: number | string;
  readonly granted: number | string;
}

/** Balances as the counters and the grants of the database have them. */
@Injectable()
export class GrantBalances extends BudgetBalances {
  constructor(
    private readonly pools: BudgetPools,
    private readonly grants: GrantLedger,
    private readonly lease: ProcessLease,
    @Inject(getDataSourceToken(READER)) private readonly reader: DataSource,
  ) {
    super();
  }

  /** By the id of the rule. */
  async of(
    rules: readonly BudgetRule[],
    at: number = Date.now(),
  ): Promise<ReadonlyMap<string, BudgetBalance>> {
    if (rules.length === 0) return new Map();
    let standing = await this.#read();
    // What nobody has asked for money yet is not counted yet.
    const uncounted = rules.filter((rule) => !standing.has(keyOf(rule, at)));
    if (uncounted.length > 0) {
      await this.grants.seed(
        uncounted.map((rule) => ({ subject: rule, period: periodOf(rule, at) })),
      );
      standing = await this.#read();
    }
    const held = this.#held();
    return new Map(
      rules.map((rule) => {
        const key = keyOf(rule, at);
        const { end } = periodOf(rule, at);
        const row = standing.get(key);
        const balance: BudgetBalance = {
          spentNanoUsd: Number(row?.spent ?? 0),
          reservedNanoUsd: Number(row?.granted ?? 0) + (held.get(key) ?? 0),
          resetsAt: end === END_OF_TIME ? null : end,
        };
        return [rule.id, balance];
      }),
    );
  }

  /** Of this process what requests hold rather than what it has taken ahead of them. */
  async #read(): Promise<Map<string, StandingRow>> {
    const own = this.reader.options.type === 'postgres' ? '$1' : '?';
    const rows: StandingRow[] = await this.reader.query(
      `SELECT counter.subject, counter.period_start, counter.period_end,
         counter.spent_nano_usd AS spent, COALESCE(SUM(granted.granted_nano_usd), 0) AS granted
       FROM budget_counters_now counter
       LEFT JOIN (SELECT * FROM budget_grants_now
           WHERE process_id <> ${own} AND process_id IN (SELECT id FROM processes)) granted
         ON granted.subject = counter.subject AND granted.period_start = counter.period_start
           AND granted.period_end = counter.period_end
       GROUP BY counter.subject, counter.period_start, counter.period_end, counter.spent_nano_usd`,
      [this.lease.id],
    );
    return new Map(
      rows.map((row) => [`${row.subject} ${row.period_start} ${row.period_end}`, row]),
    );
  }

  #held(): Map<string, number> {
    return new Map(
      this.pools.all.map(({ subject, period, held }) => [
        `${nameOf(subject)} ${period.start} ${period.end}`,
        held,
      ]),
    );
  }
}

function keyOf(rule: BudgetRule, at: number): string {
  const { start, end } = periodOf(rule, at);
  return `${nameOf(rule)} ${start} ${end}`;
}
