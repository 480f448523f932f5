import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { DataSource } from 'typeorm';

import {
  dataSourceOptions,
  type Entities,
  READER,
} from '../../src/database/data-source-options.js';
import type { DatabaseSettings } from '../../src/database/database-settings.js';
import { GroupCommitWriter } from '../../src/database/group-commit-writer.js';
import { migrate } from '../../src/database/migrate.js';

export interface TestDatabase {
  settings: DatabaseSettings;
  writerSource: DataSource;
  reader: DataSource;
  writer: GroupCommitWriter;
  close(): Promise<void>;
}

/** Settings of a SQLite database in a folder of its own, which `remove` deletes. */
export async function temporarySettings(
  overrides: Partial<DatabaseSettings> = {},
): Promise<{ settings: DatabaseSettings; remove: () => Promise<void> }> {
  const dataDir = await mkdtemp(join(tmpdir(), 'llm-proxy-test-'));
  return {
    settings: { dataDir, synchronous: 'NORMAL', maxQueuedWrites: 10_000, ...overrides },
    remove: () => rm(dataDir, { recursive: true, force: true }),
  };
}

/** A migrated database with its writer and its reader; SQLite unless `overrides` name a server. */
export async function openTestDatabase(
  entities: Entities = [],
  overrides: Partial<DatabaseSettings> = {},
): Promise<TestDatabase> {
  const { settings, remove } = await temporarySettings(overrides);
  await migrate(settings);
  const writerSource = await new DataSource(
    dataSourceOptions(settings, 'writer', entities),
  ).initialize();
  const reader = await new DataSource(dataSourceOptions(settings, READER, entities)).initialize();
  const writer = new GroupCommitWriter(writerSource, settings);
  return {
    settings,
    writerSource,
    reader,
    writer,
    close: async () => {
      await writer.drain();
      await reader.destroy();
      await writerSource.destroy();
      await remove();
    },
  };
}
