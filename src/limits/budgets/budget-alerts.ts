import { Injectable, Logger, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { Subject, type Observable, type Subscription } from 'rxjs';
import { GroupCommitWriter } from '../../database/group-commit-writer.js';
import { periodOf } from '../rules/budget-period.js';
import type { BudgetRule } from '../rules/budget-rule.js';
import { LimitRules } from '../rules/limit-rules.js';
import { markAlerted, markName } from './alert-marks.js';
import type { BudgetPool } from './budget-pool.js';
import { Treasury } from './treasury.js';

/** A share of a budget was reached. */
export interface BudgetAlert {
  readonly rule: BudgetRule;
  readonly percent: number;
  readonly spentNanoUsd: number;
  /** Epoch milliseconds; the period's end. */
  readonly resetsAt: number;
}

/** Tells once per period and rule, over all processes, that a threshold of it was reached. */
@Injectable()
export class BudgetAlerts implements OnModuleInit, OnModuleDestroy {
  readonly #logger = new Logger(BudgetAlerts.name);
  readonly #alerts = new Subject<BudgetAlert>();
  /** The highest thresholds that this process knows to be told, by mark, so that it seldom asks. */
  readonly #told = new WeakMap<BudgetPool, Map<string, number>>();
  #subscription: Subscription | undefined;

  constructor(
    private readonly treasury: Treasury,
    private readonly rules: LimitRules,
    private readonly writer: GroupCommitWriter,
  ) {}

  get alerts(): Observable<BudgetAlert> {
    return this.#alerts.asObservable();
  }

  onModuleInit(): void {
    this.#subscription = this.treasury.synced.subscribe((pools) => {
      for (const pool of pools) void this.#look(pool);
    });
  }

  onModuleDestroy(): void {
    this.#subscription?.unsubscribe();
  }

  async #look(pool: BudgetPool): Promise<void> {
    const { spent, period } = pool;
    const told = this.#toldOf(pool);
    for (const rule of this.#rulesOf(pool)) {
      const percent = rule.alertPercents.findLast(
        (each) => spent * 100 >= each * rule.limitNanoUsd,
      );
      const mark = markName(rule);
      if (percent === undefined || percent <= (told.get(mark) ?? 0)) continue;
      told.set(mark, percent);
      try {
        const isFirst = await this.writer.transaction((manager) =>
          markAlerted(manager, { rule, period, percent }),
        );
        if (isFirst) this.#tell({ rule, percent, spentNanoUsd: spent, resetsAt: period.end });
      } catch {
        // Looked at again with the next answer of the database.
        told.delete(mark);
      }
    }
  }

  #toldOf(pool: BudgetPool): Map<string, number> {
    let told = this.#told.get(pool);
    if (told === undefined) this.#told.set(pool, (told = new Map<string, number>()));
    return told;
  }

  #rulesOf({ subject, period }: BudgetPool): BudgetRule[] {
    return this.rules
      .budgetsOf(subject.scope, subject.scopeId)
      .filter((rule) => periodOf(rule, period.start).end === period.end);
  }

  #tell(alert: BudgetAlert): void {
    const { rule, percent, spentNanoUsd } = alert;
    this.#logger.warn({
      message: 'a threshold of a budget was reached',
      scope: rule.scope,
      scopeId: rule.scopeId,
      percent,
      spentNanoUsd,
      limitNanoUsd: rule.limitNanoUsd,
    });
    this.#alerts.next(alert);
  }
}
