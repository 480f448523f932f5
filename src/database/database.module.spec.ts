import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { Global, Injectable, Module, type Provider } from '@nestjs/common';
import { InjectDataSource, InjectRepository, TypeOrmModule } from '@nestjs/typeorm';
import { Test } from '@nestjs/testing';
import { Column, DataSource, Entity, PrimaryColumn, Repository } from 'typeorm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { temporarySettings } from '../../test/support/test-database.js';
import { ChangeFeed } from './change-feed.js';
import { ANALYTICS, READER, SQLITE_FILE_NAME } from './data-source-options.js';
import { DATABASE_SETTINGS, type DatabaseSettings } from './database-settings.js';
import { DatabaseModule } from './database.module.js';
import { GroupCommitWriter } from './group-commit-writer.js';
import { ProcessLease } from './process-lease.js';

@Entity('revisions')
class RevisionRow {
  @PrimaryColumn('varchar')
  topic!: string;

  @Column('bigint')
  revision!: number;
}

@Injectable()
class Feature {
  constructor(
    @InjectRepository(RevisionRow, READER) readonly rows: Repository<RevisionRow>,
    @InjectDataSource(ANALYTICS) readonly analytics: DataSource,
    readonly writer: GroupCommitWriter,
    readonly feed: ChangeFeed,
    readonly lease: ProcessLease,
  ) {}
}

@Module({ imports: [TypeOrmModule.forFeature([RevisionRow], READER)], providers: [Feature] })
class FeatureModule {}

describe(DatabaseModule, () => {
  let settings: DatabaseSettings;
  let remove: () => Promise<void>;

  beforeEach(async () => {
    ({ settings, remove } = await temporarySettings());
  });

  afterEach(() => remove());

  const compile = () => {
    const provider: Provider = { provide: DATABASE_SETTINGS, useFactory: () => settings };
    @Global()
    @Module({ providers: [provider], exports: [provider] })
    class SettingsModule {}
    return Test.createTestingModule({
      imports: [SettingsModule, DatabaseModule.forRoot({ entities: [RevisionRow] }), FeatureModule],
    }).compile();
  };

  it('gives a migrated database to every feature and closes it', async () => {
    const application = await compile();
    await application.init();
    const { writer, feed, lease, rows, analytics } = application.get(Feature);
    await writer.transaction((manager) => feed.bump(manager, 'clients'));
    await writer.transaction((manager) =>
      manager.save(Object.assign(new RevisionRow(), { topic: 'saved', revision: 7 })),
    );
    expect(await rows.find({ order: { topic: 'ASC' } })).toEqual([
      { topic: 'clients', revision: 1 },
      { topic: 'saved', revision: 7 },
    ]);
    expect(await analytics.query('SELECT id FROM processes')).toEqual([{ id: lease.id }]);
    await application.close();
    expect(analytics.isInitialized).toBe(false);
    const again = await compile();
    expect(await again.get(Feature).analytics.query('SELECT id FROM processes')).toEqual([]);
    await again.close();
  });

  it('stops the start at once when the database is not ours', async () => {
    await writeFile(join(settings.dataDir, SQLITE_FILE_NAME), 'something else');
    await expect(compile()).rejects.toThrow(/is not a SQLite database/);
  });
});
