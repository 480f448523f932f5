import { Column, Entity, PrimaryColumn } from 'typeorm';
import { epochMs } from '../database/epoch-ms.js';
import { wholeNumber } from '../database/whole-number.js';
import { jsonTextList } from './column-transformers.js';

/** Who made an object: a person through the API or a command, the configuration file, or the demo. */
export type ManagedBy = 'api' | 'config' | 'demo';

/** A consumer of the API: what its keys may use and, elsewhere, its limits and totals. */
@Entity('clients')
export class Client {
  /** `client_` and the hexadecimal digits of a UUID v7. */
  @PrimaryColumn({ type: 'varchar', length: 40 })
  id!: string;

  @Column({ type: 'varchar', length: 100, unique: true })
  name!: string;

  @Column({ type: 'text', nullable: true })
  description!: string | null;

  @Column({ type: 'varchar', length: 10 })
  source!: ManagedBy;

  /** False refuses every key of the client. */
  @Column({ type: 'boolean', name: 'is_active' })
  isActive!: boolean;

  /** Model names and `*` globs; null allows every model, an empty list none. */
  @Column({ type: 'text', name: 'allowed_models', nullable: true, transformer: jsonTextList })
  allowedModels!: string[] | null;

  /** Longest wait of a request that meets a limit, in milliseconds; 0 refuses it at once. */
  @Column({ type: 'bigint', name: 'queue_ms', default: 0, transformer: wholeNumber })
  queueMs!: number;

  /** Epoch milliseconds, as all times here. */
  @Column({ type: 'bigint', name: 'created_at', transformer: epochMs })
  createdAt!: number;

  @Column({ type: 'bigint', name: 'updated_at', transformer: epochMs })
  updatedAt!: number;
}
