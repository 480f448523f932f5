import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { v7 as uuidV7 } from 'uuid';
import { AuditLog } from '../../audit/audit-log.js';
import { ApiError } from '../../common/errors/api-error.js';
import { Configuration } from '../../config/configuration.js';
import { DEFAULT_ALERT_PERCENTS } from '../../config/limit-values.js';
import { BudgetRow } from './budget.entity.js';
import type { BudgetPeriod, BudgetRule, BudgetScope } from './budget-rule.js';
import { LimitWriter } from './limit-writer.js';
import { budgetAudit } from './rule-audit.js';
import { refuseFileRule } from './refuse-file-rule.js';
import { budgetOfRow, RuleSources } from './rule-sources.js';
import { refuseUnknownSubject, type RuleSubject } from './rule-subject.js';

export interface BudgetFigures {
  readonly limitNanoUsd: number;
  readonly period: BudgetPeriod;
  /** IANA name; UTC when absent. */
  readonly timeZone?: string | undefined;
  readonly alertPercents?: readonly number[] | undefined;
}

export interface NewBudget extends RuleSubject, BudgetFigures {
  readonly scope: BudgetScope;
}

/** What is to change; an absent member stays as it is. */
export type BudgetChange = Partial<BudgetFigures>;

@Injectable()
export class BudgetsService {
  constructor(
    private readonly writer: LimitWriter,
    private readonly sources: RuleSources,
    private readonly configuration: Configuration,
    private readonly audit: AuditLog,
  ) {}

  /** Those of the configuration file too. */
  async list(): Promise<readonly BudgetRule[]> {
    return (await this.sources.read()).budgets;
  }

  /** Throws `invalid_value` for an unknown subject, `conflict` when it has a budget of that period. */
  async create(budget: NewBudget): Promise<BudgetRule> {
    return this.writer.write((manager) => this.#insert(manager, budget));
  }

  /** The same within a transaction that makes the subject. */
  async createWithin(manager: EntityManager, budget: NewBudget): Promise<BudgetRule> {
    return this.writer.within(manager, () => this.#insert(manager, budget));
  }

  /** Makes the budget, or changes the one of the same subject, period and time zone. */
  async put(budget: NewBudget): Promise<BudgetRule> {
    return this.writer.write(async (manager) => {
      const existing = await findSame(manager, { ...budget, timeZone: budget.timeZone ?? 'UTC' });
      return existing === null
        ? this.#insert(manager, budget)
        : this.#update(manager, existing, budget);
    });
  }

  /** Throws `not_found`, or `conflict` for a budget of the file and for a period that is taken. */
  async change(id: string, change: BudgetChange): Promise<BudgetRule> {
    await refuseFileRule(this.sources, id);
    return this.writer.write(async (manager) =>
      this.#update(manager, await getRow(manager, id), change),
    );
  }

  /** Throws `not_found`, or `conflict` for a budget of the configuration file. */
  async remove(id: string): Promise<void> {
    await refuseFileRule(this.sources, id);
    await this.writer.write(async (manager) => {
      const row = await getRow(manager, id);
      await manager.delete(BudgetRow, { id });
      await this.audit.record(manager, budgetAudit('delete', budgetOfRow(row), undefined));
    });
  }

  async #insert(manager: EntityManager, budget: NewBudget): Promise<BudgetRule> {
    await refuseUnknownSubject(manager, this.configuration, budget);
    const now = Date.now();
    const row = manager.create(BudgetRow, {
      id: `budget_${uuidV7().replaceAll('-', '')}`,
      scope: budget.scope,
      scopeId: budget.scopeId,
      limitNanoUsd: budget.limitNanoUsd,
      period: budget.period,
      timeZone: budget.timeZone ?? 'UTC',
      alertPercents: budget.alertPercents ?? DEFAULT_ALERT_PERCENTS,
      createdAt: now,
      updatedAt: now,
    });
    await refuseTaken(manager, row);
    await manager.insert(BudgetRow, row);
    const after = budgetOfRow(row);
    await this.audit.record(manager, budgetAudit('create', undefined, after));
    return after;
  }

  async #update(manager: EntityManager, row: BudgetRow, change: BudgetChange): Promise<BudgetRule> {
    const before = budgetOfRow(row);
    const after = await update(manager, row, change);
    await this.audit.record(manager, budgetAudit('update', before, after));
    return after;
  }
}

async function update(
  manager: EntityManager,
  row: BudgetRow,
  change: BudgetChange,
): Promise<BudgetRule> {
  row.limitNanoUsd = change.limitNanoUsd ?? row.limitNanoUsd;
  row.period = change.period ?? row.period;
  row.timeZone = change.timeZone ?? row.timeZone;
  row.alertPercents = change.alertPercents ?? row.alertPercents;
  row.updatedAt = Date.now();
  await refuseTaken(manager, row);
  await manager.update(BudgetRow, { id: row.id }, row);
  return budgetOfRow(row);
}

type Place = Pick<BudgetRow, 'scope' | 'scopeId' | 'period' | 'timeZone'>;

function findSame(manager: EntityManager, place: Place): Promise<BudgetRow | null> {
  const { scope, scopeId, period, timeZone } = place;
  return manager.findOneBy(BudgetRow, { scope, scopeId, period, timeZone });
}

async function refuseTaken(manager: EntityManager, row: BudgetRow): Promise<void> {
  const same = await findSame(manager, row);
  if (same === null || same.id === row.id) return;
  throw new ApiError('conflict', 'It has a budget of this period and time zone already.', {
    param: 'period',
  });
}

async function getRow(manager: EntityManager, id: string): Promise<BudgetRow> {
  const row = await manager.findOneBy(BudgetRow, { id });
  if (row === null) throw new ApiError('not_found', 'There is no such budget.');
  return row;
}
