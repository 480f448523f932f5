import type { DataSource } from 'typeorm';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../../test/support/test-database.js';
import { InFlight } from '../common/in-flight.js';
import { Readiness } from './readiness.js';

let database: TestDatabase;
let inFlight: InFlight;

beforeEach(async () => {
  database = await openTestDatabase();
  inFlight = new InFlight();
});

afterEach(async () => {
  vi.useRealTimers();
  await database.close();
});

describe(Readiness.name, () => {
  it('is ready while the database answers', async () => {
    expect(await new Readiness(inFlight, database.reader).status()).toBe('ok');
  });

  it('is not ready from the moment it drains, whatever the database says', async () => {
    inFlight.beginDrain();
    expect(await new Readiness(inFlight, database.reader).status()).toBe('draining');
  });

  it('is not ready when the database refuses, and ready when it answers again', async () => {
    const readiness = new Readiness(inFlight, database.reader);
    await database.reader.destroy();
    expect(await readiness.status()).toBe('database_unavailable');
    await database.reader.initialize();
    expect(await readiness.status()).toBe('ok');
  });

  it('is not ready when the database does not answer at all', async () => {
    vi.useFakeTimers();
    const frozen = { query: () => new Promise(() => undefined) } as unknown as DataSource;
    const status = new Readiness(inFlight, frozen).status();
    await vi.advanceTimersByTimeAsync(2_000);
    expect(await status).toBe('database_unavailable');
    expect(vi.getTimerCount()).toBe(0);
  });
});
