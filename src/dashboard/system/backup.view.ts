import type { Backup } from '../../operations/backup/backups.service.js';
import type { CopyVerdict } from '../../operations/backup/verify-copy.js';

/** A copy of the database. */
export class BackupView {
  name!: string;
  /** ISO 8601. */
  createdAt!: string;
  bytes!: number;
}

/** Newest first. */
export class BackupPage {
  items!: BackupView[];
  /** There is one page. */
  nextCursor!: string | null;
}

/** An invariant of the ledger, looked at in the copy. */
export class BackupInvariantView {
  name!: string;
  says!: string;
  /** What was looked at. */
  checked!: number;
  /** Of `I5`, requests that were in flight: a start over the copy closes them. */
  violations!: number;
}

/** Whether a copy can be restored. */
export class BackupVerdictView {
  ok!: boolean;
  /** `ok`, or the first thing that is wrong with the file. */
  integrity!: string;
  invariants!: BackupInvariantView[];
  /** Migrations in it that this version does not know. */
  unknownMigrations!: string[];
}

export function backupView({ name, createdAt, bytes }: Backup): BackupView {
  return { name, createdAt: new Date(createdAt).toISOString(), bytes };
}

export function verdictView(verdict: CopyVerdict): BackupVerdictView {
  return {
    ok: verdict.ok,
    integrity: verdict.integrity,
    invariants: verdict.invariants.map(({ name, says, checked, violations }) => ({
      name,
      says,
      checked,
      violations,
    })),
    unknownMigrations: [...verdict.unknownMigrations],
  };
}
