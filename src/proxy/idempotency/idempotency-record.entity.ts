import { Column, Entity, PrimaryColumn } from 'typeorm';
import { epochMs } from '../../database/epoch-ms.js';

/** What became of a request that carried an `Idempotency-Key`. */
@Entity('idempotency_records')
export class IdempotencyRecord {
  @PrimaryColumn({ name: 'client_id', type: 'varchar', length: 40 })
  clientId!: string;

  @PrimaryColumn({ type: 'varchar', length: 255 })
  key!: string;

  /** SHA-256 of route and body: the same key with another request is a mistake of the caller. */
  @Column({ name: 'body_hash', type: 'varchar', length: 64 })
  bodyHash!: string;

  @Column({ name: 'request_id', type: 'varchar', length: 64 })
  requestId!: string;

  /** The process that carries it out; when that one is dead the request may be tried again. */
  @Column({ name: 'process_id', type: 'varchar', length: 36 })
  processId!: string;

  @Column({ type: 'varchar', length: 12 })
  state!: 'in_progress' | 'complete' | 'too_large';

  @Column({ type: 'smallint', nullable: true })
  status!: number | null;

  @Column({ name: 'content_type', type: 'varchar', length: 100, nullable: true })
  contentType!: string | null;

  @Column({ type: 'text', nullable: true })
  body!: string | null;

  @Column({ name: 'created_at', type: 'bigint', transformer: epochMs })
  createdAt!: number;

  @Column({ name: 'expires_at', type: 'bigint', transformer: epochMs })
  expiresAt!: number;
}
