import { DataSource, type DataSourceOptions } from 'typeorm';
import { ANALYTICS, dataSourceOptions } from '../../database/data-source-options.js';
import { MIGRATIONS } from '../../database/migrations/migrations.js';
import { prepareSqliteFile } from '../../database/sqlite-file.js';
import { type CheckedInvariant, LedgerCheck } from '../../usage/ledger-check.js';

/** What was found in a copy of the database. */
export interface CopyVerdict {
  readonly ok: boolean;
  /** `ok`, or the first thing that is wrong with the file. */
  readonly integrity: string;
  /** Those of the ledger, in the copy; none when it is of another version. */
  readonly invariants: readonly CheckedInvariant[];
  /** Migrations in it that this version does not know: it is of a newer one. */
  readonly unknownMigrations: readonly string[];
}

/** Of requests that were in flight when the copy was made: a start over the copy closes them. */
const OPEN_AT_THAT_MOMENT = 'I5';

const KNOWN: ReadonlySet<string> = new Set(MIGRATIONS.map((type) => new type().name));

/**
 * Looks through a copy of the database: the file itself, then the books in it. Changes nothing.
 * Rejects with `DatabaseError` for a file that is no database of ours.
 */
export async function verifyCopy(file: string): Promise<CopyVerdict> {
  if (!(await prepareSqliteFile(file, { create: false }))) {
    return { ok: false, integrity: 'there is no such file', invariants: [], unknownMigrations: [] };
  }
  const settings = { dataDir: '', synchronous: 'NORMAL', maxQueuedWrites: 1 } as const;
  const copy = new DataSource({
    ...dataSourceOptions(settings, ANALYTICS),
    database: file,
  } as DataSourceOptions);
  await copy.initialize();
  try {
    const integrity = await integrityOf(copy);
    if (integrity !== 'ok') return { ok: false, integrity, invariants: [], unknownMigrations: [] };
    const names = await migrationNames(copy);
    const unknownMigrations = names.filter((name) => !KNOWN.has(name));
    // The books of another version's schema cannot be read; a start brings an older one up to date.
    const isCurrent = unknownMigrations.length === 0 && names.length === KNOWN.size;
    const invariants = isCurrent ? await new LedgerCheck(copy).run() : [];
    const ok =
      unknownMigrations.length === 0 &&
      invariants.every(({ name, violations }) => violations === 0 || name === OPEN_AT_THAT_MOMENT);
    return { ok, integrity, invariants, unknownMigrations };
  } finally {
    await copy.destroy();
  }
}

async function integrityOf(copy: DataSource): Promise<string> {
  try {
    const rows = await copy.query<{ integrity_check: string }[]>('PRAGMA integrity_check(1)');
    return rows[0]?.integrity_check ?? 'no answer';
  } catch (error) {
    return error instanceof Error ? error.message : 'it cannot be read';
  }
}

async function migrationNames(copy: DataSource): Promise<string[]> {
  const rows = await copy.query<{ name: string }[]>('SELECT name FROM llm_proxy_migrations');
  return rows.map(({ name }) => name);
}
