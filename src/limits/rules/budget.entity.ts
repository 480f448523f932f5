import { Column, Entity, PrimaryColumn } from 'typeorm';
import { epochMs } from '../../database/epoch-ms.js';
import { wholeNumber } from '../../database/whole-number.js';
import type { BudgetPeriod, BudgetScope } from './budget-rule.js';
import { percentages } from './percentages.js';

/** A budget that a person set; those of the configuration file are in no table. */
@Entity('budgets')
export class BudgetRow {
  /** `budget_` and the hexadecimal digits of a UUID v7. */
  @PrimaryColumn({ type: 'varchar', length: 40 })
  id!: string;

  @Column({ type: 'varchar', length: 10 })
  scope!: BudgetScope;

  /** Empty for `global`. */
  @Column({ type: 'varchar', length: 255, name: 'scope_id' })
  scopeId!: string;

  @Column({ type: 'bigint', name: 'limit_nano_usd', transformer: wholeNumber })
  limitNanoUsd!: number;

  @Column({ type: 'varchar', length: 8 })
  period!: BudgetPeriod;

  @Column({ type: 'varchar', length: 64, name: 'time_zone' })
  timeZone!: string;

  @Column({ type: 'text', name: 'alert_percents', transformer: percentages })
  alertPercents!: readonly number[];

  @Column({ type: 'bigint', name: 'created_at', transformer: epochMs })
  createdAt!: number;

  @Column({ type: 'bigint', name: 'updated_at', transformer: epochMs })
  updatedAt!: number;
}
