import { randomUUID } from 'node:crypto';
import { link, mkdir, open, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import { SQLITE_APPLICATION_ID } from './data-source-options.js';
import { DatabaseError } from './database-errors.js';

const HEADER_TEXT = 'SQLite format 3\0';

/**
 * Makes sure that `file` is a SQLite database before anything opens it for writing. A missing one is
 * created beside its place and moved there whole, so that an empty file at that place always means
 * that something went wrong. Throws `DatabaseError` and changes nothing when the file is broken or
 * another application's. Returns whether the database is there.
 */
export async function prepareSqliteFile(
  file: string,
  { create }: { create: boolean },
): Promise<boolean> {
  const size = await sizeOf(file);
  if (size !== undefined) await checkHeader(file, size);
  else if (create) await createSqliteFile(file);
  return create || size !== undefined;
}

async function checkHeader(file: string, size: number): Promise<void> {
  const header = Buffer.alloc(100);
  const handle = await open(file, 'r').catch((cause: unknown) => {
    throw new DatabaseError(
      `The database file ${file} cannot be read. Check its owner and permissions.`,
      cause,
    );
  });
  try {
    await handle.read(header, 0, header.length, 0);
  } finally {
    await handle.close();
  }
  if (header.toString('latin1', 0, HEADER_TEXT.length) !== HEADER_TEXT) {
    throw new DatabaseError(
      `The file ${file} is not a SQLite database${size === 0 ? ' (it is empty)' : ''}. ` +
        'It was left as it is: restore a backup with "llm-proxy restore", or move the file away to start anew.',
    );
  }
  if (header.readUInt32BE(68) !== SQLITE_APPLICATION_ID) {
    throw new DatabaseError(
      `The file ${file} is a database of another application. ` +
        'It was left as it is: move it away, or set DATA_DIR to another folder.',
    );
  }
  const pageSize = header.readUInt16BE(16) === 1 ? 65_536 : header.readUInt16BE(16);
  const pages = header.readUInt32BE(28);
  if (pages * pageSize <= size) return;
  // A log that was not copied back yet may hold the rest.
  if ((await sizeOf(`${file}-wal`)) ?? 0) return;
  // Or another process was just copying it back, and has ended since the file was measured.
  const length = (await sizeOf(file)) ?? 0;
  if (pages * pageSize > length) {
    throw new DatabaseError(
      `The database file ${file} is cut short: it has ${length} of ${pages * pageSize} bytes. ` +
        'It was left as it is: restore a backup with "llm-proxy restore".',
    );
  }
}

async function createSqliteFile(file: string): Promise<void> {
  if ((await sizeOf(`${file}-wal`)) !== undefined) {
    throw new DatabaseError(
      `The database file ${file} is missing although its log ${file}-wal is there. ` +
        'Put the file back or restore a backup; to start anew, move the log away as well.',
    );
  }
  const draft = `${file}.${randomUUID()}.new`;
  try {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    writeEmptyDatabase(draft);
    // A second instance may have been faster; then its file is the one.
    await link(draft, file).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
  } catch (cause) {
    throw new DatabaseError(
      `The database file ${file} cannot be created. Check that the folder may be written and has room.`,
      cause,
    );
  } finally {
    await rm(draft, { force: true });
  }
}

function writeEmptyDatabase(file: string): void {
  const database = new DatabaseSync(file);
  try {
    database.exec(`PRAGMA application_id = ${SQLITE_APPLICATION_ID}; PRAGMA journal_mode = WAL;`);
  } finally {
    database.close();
  }
}

async function sizeOf(file: string): Promise<number | undefined> {
  try {
    return (await stat(file)).size;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new DatabaseError(`The database file ${file} cannot be reached.`, error);
  }
}
