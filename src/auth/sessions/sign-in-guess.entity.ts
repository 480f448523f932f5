import { Column, Entity, PrimaryColumn } from 'typeorm';
import { epochMs } from '../../database/epoch-ms.js';

/** A password that somebody tried; those that were right have no row. */
@Entity('sign_in_guesses')
export class SignInGuess {
  /** `guess_` and the hexadecimal digits of a UUID v7. */
  @PrimaryColumn({ type: 'varchar', length: 40 })
  id!: string;

  /** Hash of the e-mail address: people type all kinds of things there, their password too. */
  @Column({ type: 'varchar', length: 64 })
  account!: string;

  /** Hash of where it came from. */
  @Column({ type: 'varchar', length: 64 })
  address!: string;

  /** Epoch milliseconds. */
  @Column({ type: 'bigint', name: 'created_at', transformer: epochMs })
  createdAt!: number;

  /** False while it is checked. */
  @Column({ type: 'boolean', name: 'has_failed' })
  hasFailed!: boolean;
}
