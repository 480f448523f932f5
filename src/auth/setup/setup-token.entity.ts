import { Column, Entity, PrimaryColumn } from 'typeorm';
import { epochMs } from '../../database/epoch-ms.js';

/** What the one set-up link is made from; there is one row, or none. */
@Entity('setup_tokens')
export class SetupToken {
  @PrimaryColumn({ type: 'varchar', length: 10 })
  id!: string;

  /** The token follows from it and from the secret of the installation. */
  @Column({ type: 'varchar', length: 64 })
  nonce!: string;

  /** SHA-256 of the token, hexadecimal. */
  @Column({ type: 'varchar', length: 64 })
  hash!: string;

  /** Epoch milliseconds. */
  @Column({ type: 'bigint', name: 'created_at', transformer: epochMs })
  createdAt!: number;

  @Column({ type: 'bigint', name: 'expires_at', transformer: epochMs })
  expiresAt!: number;
}
