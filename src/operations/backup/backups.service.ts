import { randomBytes } from 'node:crypto';
import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Inject, Injectable } from '@nestjs/common';
import { AuditLog } from '../../audit/audit-log.js';
import { ApiError } from '../../common/errors/api-error.js';
import { sqliteFileOf } from '../../database/data-source-options.js';
import { DatabaseError } from '../../database/database-errors.js';
import { DATABASE_SETTINGS, type DatabaseSettings } from '../../database/database-settings.js';
import { GroupCommitWriter } from '../../database/group-commit-writer.js';
import { copyDatabase } from './copy-database.js';
import { type CopyVerdict, verifyCopy } from './verify-copy.js';

export interface Backup {
  readonly name: string;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  readonly bytes: number;
}

/** The only names that there are: no path can be made of one. */
const NAME = /^backup-\d{8}T\d{6}Z-[0-9a-f]{8}\.sqlite$/;

/** Copies of the database in `DATA_DIR/backups`. Of a PostgreSQL database its own tools make them. */
@Injectable()
export class Backups {
  #copying: Promise<Backup> | undefined;

  constructor(
    @Inject(DATABASE_SETTINGS) private readonly settings: DatabaseSettings,
    private readonly writer: GroupCommitWriter,
    private readonly audit: AuditLog,
  ) {}

  /** Newest first. */
  async list(): Promise<Backup[]> {
    this.#database();
    const names = await readdir(this.#folder).catch(() => []);
    const found = await Promise.all(
      names.filter((name) => NAME.test(name)).map((name) => this.#find(name)),
    );
    return found
      .filter((backup) => backup !== undefined)
      .toSorted((one, other) => (one.name < other.name ? 1 : -1));
  }

  /** Who asks while one is being made gets that one. Throws `unsupported_database`. */
  create(): Promise<Backup> {
    return (this.#copying ??= this.#create().finally(() => (this.#copying = undefined)));
  }

  /** Where it lies. Throws `not_found`. */
  async pathOf(name: string): Promise<string> {
    await this.#get(name);
    return join(this.#folder, name);
  }

  async verify(name: string): Promise<CopyVerdict> {
    try {
      return await verifyCopy(await this.pathOf(name));
    } catch (error) {
      if (!(error instanceof DatabaseError)) throw error;
      // The file was damaged beyond being a database.
      return {
        ok: false,
        integrity: 'not a database of ours',
        invariants: [],
        unknownMigrations: [],
      };
    }
  }

  async remove(name: string): Promise<void> {
    const before = await this.#get(name);
    await this.#record('backup.delete', before, { before });
    await rm(join(this.#folder, name), { force: true });
  }

  async #create(): Promise<Backup> {
    const database = this.#database();
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    const time = new Date().toISOString().replaceAll(/[-:]|\.\d+/g, '');
    const name = `backup-${time}-${randomBytes(4).toString('hex')}.sqlite`;
    await copyDatabase(database, join(this.#folder, name));
    const backup = await this.#get(name);
    await this.#record('backup.create', backup, { after: backup });
    return backup;
  }

  async #record(action: string, { name }: Backup, states: { before?: Backup; after?: Backup }) {
    const subject = { type: 'backup', id: name, name };
    await this.writer.transaction((manager) =>
      this.audit.record(manager, { action, subject, ...states }),
    );
  }

  async #get(name: string): Promise<Backup> {
    this.#database();
    const found = NAME.test(name) ? await this.#find(name) : undefined;
    if (found === undefined) throw new ApiError('not_found', 'There is no such backup.');
    return found;
  }

  async #find(name: string): Promise<Backup | undefined> {
    const found = await stat(join(this.#folder, name)).catch(() => undefined);
    if (found === undefined) return undefined;
    return { name, createdAt: Math.round(found.mtimeMs), bytes: found.size };
  }

  get #folder(): string {
    return join(this.settings.dataDir, 'backups');
  }

  #database(): string {
    const file = sqliteFileOf(this.settings);
    if (file !== undefined) return file;
    throw new ApiError(
      'unsupported_database',
      'The database is PostgreSQL: back it up with pg_dump, as docs/backup-and-restore.md says.',
    );
  }
}
