import { Column, Entity, PrimaryColumn } from 'typeorm';
import { epochMs } from '../../database/epoch-ms.js';

/** One browser in which somebody is signed in. A session that ended has no row. */
@Entity('sessions')
export class Session {
  /** `session_` and the hexadecimal digits of a UUID v7. */
  @PrimaryColumn({ type: 'varchar', length: 40 })
  id!: string;

  @Column({ type: 'varchar', name: 'user_id', length: 40 })
  userId!: string;

  /** Epoch milliseconds, as all times here. */
  @Column({ type: 'bigint', name: 'created_at', transformer: epochMs })
  createdAt!: number;

  /** The last sign-in or refresh. */
  @Column({ type: 'bigint', name: 'last_used_at', transformer: epochMs })
  lastUsedAt!: number;

  @Column({ type: 'bigint', name: 'expires_at', transformer: epochMs })
  expiresAt!: number;

  /** Where it was opened. */
  @Column({ type: 'varchar', length: 64, nullable: true })
  address!: string | null;

  @Column({ type: 'varchar', name: 'user_agent', length: 255, nullable: true })
  userAgent!: string | null;
}
