import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../../../test/support/test-database.js';
import { ProcessLease } from '../../database/process-lease.js';
import { LiveProcesses } from './live-processes.js';

let database: TestDatabase;
let lease: ProcessLease;
let live: LiveProcesses;

beforeEach(async () => {
  database = await openTestDatabase();
  lease = new ProcessLease(database.writer, database.reader);
  await lease.start();
  live = new LiveProcesses(lease);
});

afterEach(async () => {
  await lease.stop();
  await database.close();
});

async function register(id: string, ranForMs: number, silentForMs = 0): Promise<void> {
  const heartbeatAt = Date.now() - silentForMs;
  await database.writerSource.query('INSERT INTO processes VALUES (?, ?, ?, ?, ?, NULL)', [
    id,
    'elsewhere',
    1,
    heartbeatAt - ranForMs,
    heartbeatAt,
  ]);
}

describe(LiveProcesses.name, () => {
  it('counts this process, however young', async () => {
    await live.look();
    expect(live.count).toBe(1);
  });

  it('counts those that serve: not a command that ran, nor who has been silent', async () => {
    await register('serving', 60_000);
    await register('starting again', 3_000);
    await register('a command', 1_000);
    await register('dead', 60_000, 9_000);
    await live.look();
    expect(live.count).toBe(3);
  });

  it('keeps its count while the database does not answer', async () => {
    await register('serving', 60_000);
    await live.look();
    await database.reader.destroy();
    await live.look();
    expect(live.count).toBe(2);
    await database.reader.initialize();
  });
});
