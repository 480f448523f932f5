import { Column, Entity, PrimaryColumn } from 'typeorm';
import { epochMs } from '../../database/epoch-ms.js';

/** Opens one live connection. Its row goes when it is used, so that it is used once, whoever asks. */
@Entity('live_tickets')
export class LiveTicket {
  /** SHA-256 of the ticket in hexadecimal: what lies in the database opens nothing. */
  @PrimaryColumn({ type: 'varchar', length: 64 })
  hash!: string;

  @Column({ type: 'varchar', name: 'holder_kind', length: 10 })
  holderKind!: 'key' | 'session';

  /** Key id or session id. */
  @Column({ type: 'varchar', name: 'holder_id', length: 64 })
  holderId!: string;

  /** Epoch milliseconds. */
  @Column({ type: 'bigint', name: 'expires_at', transformer: epochMs })
  expiresAt!: number;
}
