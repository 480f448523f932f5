import { Column, Entity, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import { Client, type ManagedBy } from './client.entity.js';
import { epochMs } from '../database/epoch-ms.js';
import type { KeyRole } from './key-role.js';

/** One API key of a client. The key itself is stored nowhere. */
@Entity('api_keys')
export class ApiKey {
  /** The public part of the key, or `cfg…` for a key of another form from the configuration file. */
  @PrimaryColumn({ type: 'varchar', length: 24 })
  id!: string;

  @Column({ type: 'varchar', length: 40, name: 'client_id' })
  clientId!: string;

  @ManyToOne(() => Client, { nullable: false })
  @JoinColumn({ name: 'client_id' })
  client?: Relation<Client>;

  /** See `KeyHasher`. Left out of every query that does not ask for it by name. */
  @Column({ type: 'varchar', length: 64, unique: true, select: false })
  hash!: string;

  @Column({ type: 'varchar', length: 10 })
  role!: KeyRole;

  @Column({ type: 'varchar', length: 10 })
  source!: ManagedBy;

  @Column({ type: 'bigint', name: 'created_at', transformer: epochMs })
  createdAt!: number;

  /** The key is refused from this moment on; null never expires. */
  @Column({ type: 'bigint', name: 'expires_at', nullable: true, transformer: epochMs })
  expiresAt!: number | null;

  @Column({ type: 'bigint', name: 'revoked_at', nullable: true, transformer: epochMs })
  revokedAt!: number | null;
}
