import { stat } from 'node:fs/promises';
import { Inject, Injectable } from '@nestjs/common';
import { getDataSourceToken } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { READER, sqliteFileOf } from '../../database/data-source-options.js';
import { DATABASE_SETTINGS, type DatabaseSettings } from '../../database/database-settings.js';

export interface DatabaseSize {
  readonly kind: 'sqlite' | 'postgres';
  /** Null when it does not answer. */
  readonly bytes: number | null;
  /** Of what is written but not yet copied back; null where nobody can tell. */
  readonly walBytes: number | null;
}

/** How large the database is. */
@Injectable()
export class DatabaseSizes {
  constructor(
    @Inject(DATABASE_SETTINGS) private readonly settings: DatabaseSettings,
    @Inject(getDataSourceToken(READER)) private readonly reader: DataSource,
  ) {}

  async read(): Promise<DatabaseSize> {
    const file = sqliteFileOf(this.settings);
    if (file === undefined) {
      return { kind: 'postgres', bytes: await this.#postgresBytes(), walBytes: null };
    }
    const [bytes, walBytes] = await Promise.all([sizeOf(file), sizeOf(`${file}-wal`)]);
    return { kind: 'sqlite', bytes, walBytes: walBytes ?? 0 };
  }

  async #postgresBytes(): Promise<number | null> {
    try {
      const [row] = await this.reader.query<{ bytes: string | number }[]>(
        'SELECT pg_database_size(current_database()) AS bytes',
      );
      return row === undefined ? null : Number(row.bytes);
    } catch {
      return null;
    }
  }
}

async function sizeOf(file: string): Promise<number | null> {
  return stat(file).then(
    ({ size }) => size,
    () => null,
  );
}
