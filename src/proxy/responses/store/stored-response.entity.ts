import { Column, Entity, PrimaryColumn } from 'typeorm';
import { epochMs } from '../../../database/epoch-ms.js';

/** A response that its client may refer to. */
@Entity('stored_responses')
export class StoredResponseRow {
  @PrimaryColumn({ name: 'client_id', type: 'varchar', length: 40 })
  clientId!: string;

  @PrimaryColumn({ type: 'varchar', length: 128 })
  id!: string;

  /** The response that it goes on from. */
  @Column({ name: 'previous_id', type: 'varchar', length: 128, nullable: true })
  previousId!: string | null;

  /** The provider instance whose vendor keeps it too. */
  @Column({ type: 'varchar', length: 64, nullable: true })
  instance!: string | null;

  @Column({ name: 'created_at', type: 'bigint', transformer: epochMs })
  createdAt!: number;

  @Column({ name: 'expires_at', type: 'bigint', transformer: epochMs })
  expiresAt!: number;

  @Column({ type: 'bigint', transformer: epochMs })
  bytes!: number;

  /** Sealed; null when it is too large, so that only its vendor knows what it says. */
  @Column({ type: 'text', nullable: true })
  body!: string | null;
}

/** Which response an output item belongs to. */
@Entity('stored_response_items')
export class StoredResponseItemRow {
  @PrimaryColumn({ name: 'client_id', type: 'varchar', length: 40 })
  clientId!: string;

  @PrimaryColumn({ type: 'varchar', length: 128 })
  id!: string;

  @Column({ name: 'response_id', type: 'varchar', length: 128 })
  responseId!: string;
}

export const STORED_RESPONSE_ENTITIES = [StoredResponseRow, StoredResponseItemRow];
