import { Column, Entity, PrimaryColumn } from 'typeorm';
import { epochMs } from '../../database/epoch-ms.js';

/** A refresh token that was handed out; used ones stay, so that their second use is noticed. */
@Entity('refresh_tokens')
export class RefreshToken {
  /** SHA-256, hexadecimal. */
  @PrimaryColumn({ type: 'varchar', length: 64 })
  hash!: string;

  @Column({ type: 'varchar', name: 'session_id', length: 40 })
  sessionId!: string;

  /** Epoch milliseconds. */
  @Column({ type: 'bigint', name: 'created_at', transformer: epochMs })
  createdAt!: number;

  @Column({ type: 'bigint', name: 'used_at', nullable: true, transformer: epochMs })
  usedAt!: number | null;
}
