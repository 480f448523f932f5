import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Role } from '../../audit/actor.js';
import { epochMs } from '../../database/epoch-ms.js';

/** Somebody who may sign in to the dashboard. */
@Entity('users')
export class User {
  /** `user_` and the hexadecimal digits of a UUID v7. */
  @PrimaryColumn({ type: 'varchar', length: 40 })
  id!: string;

  /** In lower case. */
  @Column({ type: 'varchar', length: 254, unique: true })
  email!: string;

  @Column({ type: 'varchar', length: 100 })
  name!: string;

  @Column({ type: 'varchar', length: 10 })
  role!: Role;

  /** argon2id in its own text form; null for whoever signs in elsewhere only. */
  @Column({ type: 'varchar', name: 'password_hash', length: 255, nullable: true, select: false })
  passwordHash!: string | null;

  @Column({ type: 'boolean', name: 'must_change_password' })
  mustChangePassword!: boolean;

  @Column({ type: 'boolean', name: 'is_active' })
  isActive!: boolean;

  /** With `oidcSubject`, who this is at the provider of single sign-on. */
  @Column({ type: 'varchar', name: 'oidc_issuer', length: 255, nullable: true })
  oidcIssuer!: string | null;

  @Column({ type: 'varchar', name: 'oidc_subject', length: 255, nullable: true })
  oidcSubject!: string | null;

  /** Epoch milliseconds, as all times here. */
  @Column({ type: 'bigint', name: 'created_at', transformer: epochMs })
  createdAt!: number;

  @Column({ type: 'bigint', name: 'updated_at', transformer: epochMs })
  updatedAt!: number;

  @Column({ type: 'bigint', name: 'last_login_at', nullable: true, transformer: epochMs })
  lastLoginAt!: number | null;
}
