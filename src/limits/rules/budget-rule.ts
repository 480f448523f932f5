import type { LimitScope, RuleSource } from './limit-rule.js';

export const BUDGET_PERIODS = ['total', 'day', 'week', 'month'] as const;
export type BudgetPeriod = (typeof BUDGET_PERIODS)[number];

export type BudgetScope = Exclude<LimitScope, 'model'>;

/** How much one subject may cost within a period. */
export interface BudgetRule {
  /** Stable over restarts. */
  readonly id: string;
  readonly scope: BudgetScope;
  /** Client id, key id or instance name; empty for `global`. */
  readonly scopeId: string;
  /** 0 lets nothing through that costs something. */
  readonly limitNanoUsd: number;
  readonly period: BudgetPeriod;
  /** IANA name; its midnight begins a day, Monday's a week, the first's a month. */
  readonly timeZone: string;
  /** Percentages of the limit whose reaching is told once per period, ascending. */
  readonly alertPercents: readonly number[];
  readonly source: RuleSource;
}
