import { constants } from 'node:fs';
import { access, chmod, copyFile, link, open, rename, rm } from 'node:fs/promises';
import { DatabaseError } from '../../database/database-errors.js';
import { SqliteThread } from '../../database/sqlite-thread.js';
import { type CopyVerdict, verifyCopy } from './verify-copy.js';

export interface Restored {
  readonly verdict: CopyVerdict;
  /** Where the database is that was there before; undefined when there was none. */
  readonly kept: string | undefined;
}

/**
 * Puts a backup in the place of the database. What goes there is a copy that was verified as it
 * lies; what was there stays beside it. Throws `DatabaseError`, and has then changed nothing, when
 * the backup is not good or somebody has the database open.
 * @param database the file that the server uses
 */
export async function restoreDatabase(backup: string, database: string): Promise<Restored> {
  const draft = `${database}.restoring`;
  try {
    await copyWhole(backup, draft);
    const verdict = await verifyCopy(draft);
    if (!verdict.ok) throw new DatabaseError(`The backup is not restored: ${problemOf(verdict)}.`);
    const kept = await keepPresent(database);
    await rename(draft, database);
    return { verdict, kept };
  } finally {
    await rm(draft, { force: true });
  }
}

export function problemOf({ integrity, invariants, unknownMigrations }: CopyVerdict): string {
  if (integrity !== 'ok') return `the file is damaged (${integrity})`;
  if (unknownMigrations.length > 0) return `it is of a newer version (${unknownMigrations[0]})`;
  const broken = invariants.filter(({ violations }) => violations > 0);
  return `its books do not hold (${broken.map(({ name, says }) => `${name} ${says}`).join('; ')})`;
}

async function copyWhole(from: string, to: string): Promise<void> {
  await copyFile(from, to).catch((cause: unknown) => {
    throw new DatabaseError(`The backup ${from} cannot be copied to ${to}.`, cause);
  });
  await chmod(to, 0o600);
  const file = await open(to, 'r+');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

/** A second name for it, so that there is no moment without a database. */
async function keepPresent(database: string): Promise<string | undefined> {
  if (!(await exists(database))) return undefined;
  // With milliseconds: two restores within a second keep two files.
  const kept = `${database}.before-restore-${new Date().toISOString().replaceAll(/[-:.]/g, '')}`;
  await closeLog(database);
  await link(database, kept);
  for (const suffix of ['-wal', '-shm']) {
    if (await exists(database + suffix)) await rename(database + suffix, kept + suffix);
  }
  return kept;
}

/**
 * Copies the log back into its file, which SQLite lets nobody do while anybody else has the database
 * open: so this also tells whether a server runs on it, on this machine or in a container.
 */
async function closeLog(database: string): Promise<void> {
  const thread = new SqliteThread({ file: database, pragmas: [], busyTimeoutMs: 1_000 });
  try {
    await thread.execute({ do: 'all', sql: 'PRAGMA journal_mode = DELETE', parameters: [] });
  } catch (error) {
    if (isLocked(error)) {
      throw new DatabaseError(
        'The database is in use. Stop the server first, then restore the backup.',
        error,
      );
    }
    // A damaged one is what backups are restored over; it is kept as it is, with its log.
  } finally {
    await thread.close();
  }
}

function isLocked(error: unknown): boolean {
  const { errcode, message } = error as { errcode?: number; message?: string };
  return (errcode ?? 0) % 256 === 5 || /locked/.test(message ?? '');
}

async function exists(file: string): Promise<boolean> {
  return access(file, constants.F_OK).then(
    () => true,
    () => false,
  );
}
