import { Column, Entity, PrimaryColumn } from 'typeorm';
import { epochMs } from '../database/epoch-ms.js';

/** One change that somebody made. Append-only: the database refuses to change or delete a row. */
@Entity('audit_entries')
export class AuditEntry {
  /** `audit_` and the hexadecimal digits of a UUID v7: in the order of time. */
  @PrimaryColumn({ type: 'varchar', length: 40 })
  id!: string;

  /** Epoch milliseconds. */
  @Column({ type: 'bigint', name: 'created_at', transformer: epochMs })
  createdAt!: number;

  @Column({ type: 'varchar', name: 'actor_kind', length: 10 })
  actorKind!: string;

  @Column({ type: 'varchar', name: 'actor_id', length: 64 })
  actorId!: string;

  @Column({ type: 'varchar', name: 'actor_name', length: 255 })
  actorName!: string;

  /** What was done, such as `client.update`. */
  @Column({ type: 'varchar', length: 64 })
  action!: string;

  /** The kind of thing it was done to, such as `client`. */
  @Column({ type: 'varchar', name: 'subject_type', length: 32 })
  subjectType!: string;

  @Column({ type: 'varchar', name: 'subject_id', length: 255 })
  subjectId!: string;

  /** Its name at that moment, since names change. */
  @Column({ type: 'varchar', name: 'subject_name', length: 255 })
  subjectName!: string;

  /** JSON as the API shows the thing, secrets left out; null when there was none. */
  @Column({ type: 'text', nullable: true })
  before!: string | null;

  @Column({ type: 'text', nullable: true })
  after!: string | null;

  @Column({ type: 'varchar', name: 'request_id', length: 64, nullable: true })
  requestId!: string | null;

  @Column({ type: 'varchar', length: 64, nullable: true })
  address!: string | null;
}
