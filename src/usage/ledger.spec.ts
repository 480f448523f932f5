import type { EntityManager } from 'typeorm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../../test/support/test-database.js';
import { waitUntil } from '../../test/support/wait-until.js';
import { Catalog } from '../catalog/catalog.service.js';
import { Figures } from '../common/metrics/figures.js';
import { Configuration } from '../config/configuration.js';
import type { AppendTarget } from '../database/append.js';
import { DatabaseUnavailableError } from '../database/database-errors.js';
import { GroupCommitWriter } from '../database/group-commit-writer.js';
import { ProcessLease } from '../database/process-lease.js';
import { NO_USAGE } from '../providers/contract/token-usage.js';
import type { Admission, Outcome } from './admission.js';
import { interruptedEntry, reservedEntry } from './build-usage-entry.js';
import { UsageFigures } from './figures/usage-figures.js';
import { Ledger } from './ledger.js';
import { LateEntries } from './late-entries.js';
import { PriceRecords } from './price-records.js';
import { NO_MONEY } from './reservation.js';
import { UsageEntries } from './usage-entries.js';

const ADMISSION: Admission = {
  requestId: 'request',
  clientId: 'client',
  apiKeyId: 'key',
  dialect: 'chat',
  requestedModel: 'simulated/echo',
  provider: 'simulated',
  model: 'echo',
  stream: false,
  hasImages: false,
  inputCharacters: 40,
  tags: null,
  endUser: null,
  session: null,
};

const OUTCOME: Outcome = {
  status: 'ok',
  provider: 'simulated',
  model: 'echo',
  legs: [],
  usage: { ...NO_USAGE, inputUncached: 10, outputText: 20 },
  latencyMs: 5,
  firstChunkMs: null,
  httpStatus: 200,
  errorCode: null,
  upstreamRequestId: null,
  translation: null,
};

/** What the simulated model costs: a dollar in, three out, per million tokens. */
const COST = 10 * 1000 + 20 * 3000;

/** A database that commits and whose word of it is lost, once. */
class ForgetfulWriter extends GroupCommitWriter {
  forgets = false;

  override async append<Row>(target: AppendTarget<Row>, row: Row): Promise<void> {
    await super.append(target, row);
    this.#forget();
  }

  override async transaction<T>(work: (manager: EntityManager) => Promise<T>): Promise<T> {
    const result = await super.transaction(work);
    this.#forget();
    return result;
  }

  #forget(): void {
    if (!this.forgets) return;
    this.forgets = false;
    throw new DatabaseUnavailableError(new Error('Connection terminated'));
  }
}

let database: TestDatabase;
let prices: PriceRecords;
let ledger: Ledger;
let figures: Figures;
const databases: TestDatabase[] = [];
const lateEntries: LateEntries[] = [];

beforeEach(async () => {
  await open();
});

afterEach(async () => {
  for (const each of lateEntries.splice(0)) each.onModuleDestroy();
  for (const each of databases.splice(0)) await each.close();
});

async function open(maxQueuedWrites?: number): Promise<void> {
  database = await openTestDatabase([], maxQueuedWrites === undefined ? {} : { maxQueuedWrites });
  databases.push(database);
  const configuration = await Configuration.open({ DATA_DIR: database.settings.dataDir });
  prices = new PriceRecords(new Catalog(configuration));
  ledger = ledgerOver(database.writer);
}

function ledgerOver(writer: GroupCommitWriter): Ledger {
  const entries = new UsageEntries(writer, prices, database.reader);
  const late = new LateEntries(entries);
  lateEntries.push(late);
  figures = new Figures();
  return new Ledger(
    entries,
    late,
    prices,
    new ProcessLease(writer, database.reader),
    new UsageFigures(figures),
  );
}

/** From now on the database refuses to be written, as one on a read-only disk does. */
async function setReadOnly(isReadOnly: boolean): Promise<void> {
  await database.writerSource.query(`PRAGMA query_only = ${isReadOnly ? 'ON' : 'OFF'}`);
}

async function stored(): Promise<string[]> {
  const rows: { request_id: string; sequence: number; kind: string }[] =
    await database.reader.query('SELECT * FROM usage_entries ORDER BY request_id, sequence');
  return rows.map(({ request_id: id, sequence, kind }) => `${id} ${sequence} ${kind}`);
}

async function bookedCost(): Promise<number> {
  const [row]: { cost: number }[] = await database.reader.query(
    'SELECT SUM(cost_nano_usd) AS cost FROM usage_rollups_now WHERE bucket_ms = 3600000',
  );
  return (row as { cost: number }).cost;
}

const SETTLED = ['request 0 reserved', 'request 1 settled'];

describe(Ledger.name, () => {
  it('has a reservation in the database when it says so', async () => {
    const reservation = await ledger.reserve(ADMISSION);
    expect(await stored()).toEqual(['request 0 reserved']);
    expect(ledger.openReservations).toBe(1);
    expect(ledger.oldestOpen()).toBe(reservation.createdAt);
  });

  it('keeps a price once, with the first entry that it was applied to', async () => {
    for (const requestId of ['one', 'two']) {
      const reservation = await ledger.reserve({ ...ADMISSION, requestId });
      await reservation.settle({ ...OUTCOME });
    }
    const kept: { id: string; price: string }[] = await database.reader.query(
      'SELECT * FROM usage_prices',
    );
    const named: { price_id: string }[] = await database.reader.query(
      'SELECT price_id FROM usage_entries WHERE sequence = 1',
    );
    expect(named.map((row) => row.price_id)).toEqual([kept[0]?.id, kept[0]?.id]);
    expect(kept.map(({ price }) => JSON.parse(price))).toMatchObject([{ source: 'simulated' }]);
  });

  it('keeps a price that another process has kept before', async () => {
    const first = await ledger.reserve({ ...ADMISSION, requestId: 'first' });
    await first.settle(OUTCOME);
    prices = new PriceRecords(
      new Catalog(await Configuration.open({ DATA_DIR: database.settings.dataDir })),
    );
    const other = await ledgerOver(database.writer).reserve(ADMISSION);
    expect(await other.settle(OUTCOME)).toEqual({ costNanoUsd: COST });
    expect(await database.reader.query('SELECT id FROM usage_prices')).toHaveLength(1);
  });

  it('has a settlement in the database when it says so', async () => {
    const reservation = await ledger.reserve(ADMISSION);
    expect(await reservation.settle(OUTCOME)).toEqual({ costNanoUsd: COST });
    expect(await stored()).toEqual(SETTLED);
    expect(ledger.openReservations).toBe(0);
    expect(ledger.oldestOpen()).toBeUndefined();
    expect(await bookedCost()).toBe(COST);
  });

  it('settles once, whoever asks how often', async () => {
    const reservation = await ledger.reserve(ADMISSION);
    const settlements = await Promise.all([
      reservation.settle(OUTCOME),
      reservation.settle({ ...OUTCOME, status: 'error', usage: NO_USAGE }),
      reservation.settle(OUTCOME),
    ]);
    settlements.push(await reservation.settle({ ...OUTCOME, usage: NO_USAGE }));
    expect(settlements).toEqual(settlements.map(() => ({ costNanoUsd: COST })));
    expect(await stored()).toEqual(SETTLED);
  });

  it('gives a request whose id is taken another one, while the first is open and after', async () => {
    const first = await ledger.reserve(ADMISSION);
    const [second, third] = await Promise.all([
      ledger.reserve(ADMISSION),
      ledger.reserve(ADMISSION),
    ]);
    await Promise.all([first, second, third].map((each) => each.settle(OUTCOME)));
    const fourth = await ledger.reserve(ADMISSION);
    await fourth.settle(OUTCOME);
    const ids = [first, second, third, fourth].map(({ requestId }) => requestId);
    expect(ids[0]).toBe('request');
    expect(new Set(ids).size).toBe(4);
    expect(await stored()).toHaveLength(8);
  });

  it('knows the oldest of those that are open', async () => {
    const first = await ledger.reserve({ ...ADMISSION, requestId: 'first' });
    const second = await ledger.reserve({ ...ADMISSION, requestId: 'second' });
    expect(ledger.oldestOpen()).toBe(first.createdAt);
    await first.settle(OUTCOME);
    expect(ledger.oldestOpen()).toBe(second.createdAt);
  });

  it('charges another target at its own price, and none where it has none', async () => {
    const reservation = await ledger.reserve(ADMISSION);
    const elsewhere = { ...OUTCOME, provider: 'elsewhere', model: 'unheard-of' };
    expect(await reservation.settle(elsewhere)).toEqual({ costNanoUsd: null });
  });

  it('refuses what it cannot write, and forgets it', async () => {
    await setReadOnly(true);
    await expect(ledger.reserve(ADMISSION)).rejects.toMatchObject({
      code: 'ledger_unavailable',
      status: 503,
    });
    expect(ledger.openReservations).toBe(0);
    await setReadOnly(false);
    expect(await stored()).toEqual([]);
    await (await ledger.reserve(ADMISSION)).settle(OUTCOME);
    expect(await stored()).toEqual(SETTLED);
  });

  it('refuses what does not fit into the queue, and books what does', async () => {
    await open(3);
    const results = await Promise.allSettled(
      Array.from({ length: 10 }, (_, index) =>
        ledger.reserve({ ...ADMISSION, requestId: `request_${index}` }),
      ),
    );
    const refused = results.filter((result) => result.status === 'rejected');
    expect(refused).toHaveLength(7);
    for (const { reason } of refused) {
      expect(reason).toMatchObject({ code: 'ledger_unavailable', retryAfterMs: 1000 });
    }
    expect(ledger.openReservations).toBe(3);
    expect(await stored()).toHaveLength(3);
  });
});

describe('a settlement that cannot be written', () => {
  it('stays open, and is written once when the database is back', async () => {
    const reservation = await ledger.reserve(ADMISSION);
    await setReadOnly(true);
    await expect(reservation.settle(OUTCOME)).rejects.toMatchObject({
      code: 'ledger_unavailable',
    });
    expect(ledger.openReservations).toBe(1);
    expect(await stored()).toEqual(['request 0 reserved']);
    await setReadOnly(false);
    await waitUntil(() => ledger.openReservations === 0, 'the settlement to be written');
    expect(await stored()).toEqual(SETTLED);
    expect(await bookedCost()).toBe(COST);
  });

  it('is counted once it is in the books, not before', async () => {
    const cost = async () => {
      const metric = await figures.registry.getSingleMetric('llm_proxy_cost_nano_usd_total')?.get();
      return metric?.values.map(({ value }) => value);
    };
    const reservation = await ledger.reserve(ADMISSION);
    await setReadOnly(true);
    await expect(reservation.settle(OUTCOME)).rejects.toThrow();
    expect(await cost()).toEqual([]);
    expect(ledger.lateEntries).toBe(1);
    await setReadOnly(false);
    await ledger.flush();
    expect(await cost()).toEqual([COST]);
    expect(ledger.lateEntries).toBe(0);
  });

  it('is what the last step before an end waits for', async () => {
    const reservation = await ledger.reserve(ADMISSION);
    await setReadOnly(true);
    await expect(reservation.settle(OUTCOME)).rejects.toThrow();
    let isFlushed = false;
    const flushing = ledger.flush().then(() => (isFlushed = true));
    await expect(ledger.reserve({ ...ADMISSION, requestId: 'other' })).rejects.toThrow();
    expect(isFlushed).toBe(false);
    await setReadOnly(false);
    await flushing;
    expect(await stored()).toEqual(SETTLED);
  });

  it('is written once by however many that try', async () => {
    const reservations = await Promise.all(
      Array.from({ length: 5 }, (_, index) =>
        ledger.reserve({ ...ADMISSION, requestId: `request_${index}` }),
      ),
    );
    await setReadOnly(true);
    await Promise.allSettled(reservations.map((each) => each.settle(OUTCOME)));
    await setReadOnly(false);
    await Promise.all([ledger.flush(), ledger.flush(), ledger.flush()]);
    expect(await stored()).toEqual(
      reservations.flatMap(({ requestId }) => [
        `${requestId} 0 reserved`,
        `${requestId} 1 settled`,
      ]),
    );
    expect(await bookedCost()).toBe(5 * COST);
  });

  it('is written although the database refuses another one for good', async () => {
    const good = await ledger.reserve(ADMISSION);
    const bad = await ledger.reserve({ ...ADMISSION, requestId: 'bad' });
    await database.writerSource.query(`CREATE TRIGGER refuse BEFORE INSERT ON usage_entries
      WHEN NEW.request_id = 'bad' BEGIN SELECT RAISE(ABORT, 'refused'); END`);
    await expect(bad.settle(OUTCOME)).rejects.toMatchObject({ code: 'ledger_unavailable' });
    await setReadOnly(true);
    await expect(good.settle(OUTCOME)).rejects.toMatchObject({ code: 'ledger_unavailable' });
    await setReadOnly(false);
    await waitUntil(() => ledger.openReservations === 1, 'the other settlement to be written');
    expect(await stored()).toEqual(['bad 0 reserved', ...SETTLED]);
    expect(ledger.openReservations).toBe(1);
    await database.writerSource.query('DROP TRIGGER refuse');
    await ledger.flush();
    expect(await stored()).toEqual(['bad 0 reserved', 'bad 1 settled', ...SETTLED]);
  });

  it('is not written again when it had been written and only the word of it was lost', async () => {
    const writer = new ForgetfulWriter(database.writerSource, database.settings);
    const forgetful = ledgerOver(writer);
    const reservation = await forgetful.reserve(ADMISSION);
    writer.forgets = true;
    await expect(reservation.settle(OUTCOME)).rejects.toThrow();
    await forgetful.flush();
    expect(await stored()).toEqual(SETTLED);
    expect(await bookedCost()).toBe(COST);
    expect(forgetful.openReservations).toBe(0);
    await writer.drain();
  });
});

describe('a reservation that was written although the database refused it', () => {
  it('is closed as rejected, and costs nothing', async () => {
    const writer = new ForgetfulWriter(database.writerSource, database.settings);
    const forgetful = ledgerOver(writer);
    writer.forgets = true;
    await expect(forgetful.reserve(ADMISSION)).rejects.toMatchObject({
      code: 'ledger_unavailable',
    });
    expect(await stored()).toEqual(['request 0 reserved']);
    await forgetful.flush();
    expect(await stored()).toEqual(SETTLED);
    expect(await bookedCost()).toBe(0);
    await writer.drain();
  });

  it('is left alone when it was not written', async () => {
    await setReadOnly(true);
    await expect(ledger.reserve(ADMISSION)).rejects.toMatchObject({ code: 'ledger_unavailable' });
    await setReadOnly(false);
    await ledger.flush();
    expect(await stored()).toEqual([]);
  });
});

describe('a settlement after somebody else closed the request', () => {
  async function closeForUs(): Promise<void> {
    const entries = new UsageEntries(database.writer, prices, database.reader);
    const price = prices.applied({ instance: 'simulated', model: 'echo' });
    const interrupted = interruptedEntry(
      reservedEntry({ admission: ADMISSION, createdAt: Date.now(), money: NO_MONEY }, 'us'),
      price,
    );
    await entries.append(interrupted);
  }

  const CORRECTED = [
    'request 0 reserved',
    'request 1 interrupted',
    'request 2 adjusted',
    'request 3 adjusted',
  ];

  it('takes the booking back and books the truth', async () => {
    const reservation = await ledger.reserve(ADMISSION);
    await closeForUs();
    expect(await bookedCost()).toBe(10 * 1000);
    expect(await reservation.settle(OUTCOME)).toEqual({ costNanoUsd: COST });
    expect(await stored()).toEqual(CORRECTED);
    expect(await bookedCost()).toBe(COST);
    expect(ledger.openReservations).toBe(0);
  });

  it('does so once when only the word of it was lost', async () => {
    const writer = new ForgetfulWriter(database.writerSource, database.settings);
    const forgetful = ledgerOver(writer);
    const reservation = await forgetful.reserve(ADMISSION);
    await closeForUs();
    const settling = reservation.settle(OUTCOME);
    // The first append fails because the request is closed, the second write is the correction.
    writer.forgets = true;
    await expect(settling).rejects.toThrow();
    await forgetful.flush();
    expect(await stored()).toEqual(CORRECTED);
    expect(await bookedCost()).toBe(COST);
    await writer.drain();
  });
});
