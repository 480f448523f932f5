import { chmod, rename, rm } from 'node:fs/promises';
import { SqliteThread } from '../../database/sqlite-thread.js';

const BUSY_TIMEOUT_MS = 30_000;

/**
 * A consistent copy of a SQLite database, beside whoever reads and writes it. It is made in a
 * thread, and is at its place when it is whole. Rejects when `target` exists or cannot be written.
 * @param target a path that no request has chosen
 */
export async function copyDatabase(source: string, target: string): Promise<void> {
  const draft = `${target}.part`;
  await rm(draft, { force: true });
  const thread = new SqliteThread({
    file: source,
    pragmas: ['trusted_schema = OFF'],
    busyTimeoutMs: BUSY_TIMEOUT_MS,
  });
  try {
    // The path is bound, never part of the statement.
    await thread.execute({ do: 'run', sql: 'VACUUM INTO ?', parameters: [draft] });
    await chmod(draft, 0o600);
    await rename(draft, target);
  } finally {
    await thread.close();
    await rm(draft, { force: true });
  }
}
