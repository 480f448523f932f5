import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { StoredKind } from '../config/stored-object.js';
import { epochMs } from '../database/epoch-ms.js';

/** What somebody set of the configuration. Unique by kind and name. */
@Entity('stored_objects')
export class StoredObjectRow {
  /** `stored_` and the hexadecimal digits of a UUID v7. */
  @PrimaryColumn({ type: 'varchar', length: 40 })
  id!: string;

  @Column({ type: 'varchar', length: 16 })
  kind!: StoredKind;

  @Column({ type: 'varchar', length: 320 })
  name!: string;

  /** JSON, without secrets. */
  @Column({ type: 'text' })
  value!: string;

  /** A JSON list of keys, sealed for this row and the place they may be sent to; null without any. */
  @Column({ type: 'text', nullable: true })
  sealed!: string | null;

  @Column({ type: 'bigint', name: 'created_at', transformer: epochMs })
  createdAt!: number;

  @Column({ type: 'bigint', name: 'updated_at', transformer: epochMs })
  updatedAt!: number;
}
