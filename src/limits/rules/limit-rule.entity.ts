import { Column, Entity, PrimaryColumn } from 'typeorm';
import { epochMs } from '../../database/epoch-ms.js';
import { wholeNumber } from '../../database/whole-number.js';
import type { LimitScope } from './limit-rule.js';

/** A limit that a person set; those of the configuration file are in no table. Null is unlimited. */
@Entity('limit_rules')
export class LimitRuleRow {
  /** `limit_` and the hexadecimal digits of a UUID v7. */
  @PrimaryColumn({ type: 'varchar', length: 40 })
  id!: string;

  @Column({ type: 'varchar', length: 10 })
  scope!: LimitScope;

  /** Empty for `global`. */
  @Column({ type: 'varchar', length: 255, name: 'scope_id' })
  scopeId!: string;

  /** Empty for all endpoints: nulls would not be unique. */
  @Column({ type: 'varchar', length: 16 })
  endpoint!: string;

  @Column({
    type: 'bigint',
    name: 'requests_per_minute',
    nullable: true,
    transformer: wholeNumber,
  })
  requestsPerMinute!: number | null;

  @Column({ type: 'bigint', name: 'tokens_per_minute', nullable: true, transformer: wholeNumber })
  tokensPerMinute!: number | null;

  @Column({ type: 'bigint', name: 'max_concurrent', nullable: true, transformer: wholeNumber })
  maxConcurrent!: number | null;

  @Column({ type: 'bigint', name: 'created_at', transformer: epochMs })
  createdAt!: number;

  @Column({ type: 'bigint', name: 'updated_at', transformer: epochMs })
  updatedAt!: number;
}
