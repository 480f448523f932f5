import fc from 'fast-check';
import { DataSource } from 'typeorm';
import { expect, it } from 'vitest';
import { completeRates } from '../../src/catalog/price.js';
import { NO_USAGE } from '../../src/providers/contract/token-usage.js';
import type { AppliedPrice } from '../../src/usage/applied-price.js';
import {
  closingEntry,
  interruptedEntry,
  reservedEntry,
} from '../../src/usage/build-usage-entry.js';
import { correctionOf } from '../../src/usage/correction.js';
import { NO_MONEY } from '../../src/usage/reservation.js';
import { bookPending } from '../../src/usage/rollups/book-pending.js';
import { LATENCY_WIDTHS } from '../../src/usage/latency/latency-rollups.js';
import {
  findLatencyDifferences,
  rebuildLatencies,
} from '../../src/usage/latency/rebuild-latencies.js';
import { rebuildRollups } from '../../src/usage/rollups/rebuild-rollups.js';
import { ROLLUP_SUMS, ROLLUP_WIDTHS } from '../../src/usage/rollups/rollup-columns.js';
import { findRollupDifferences } from '../../src/usage/rollups/rollup-differences.js';
import { USAGE_ENTRY_COLUMNS } from '../../src/usage/usage-entry-columns.js';
import type { UsageEntry } from '../../src/usage/usage-entry.js';
import { dataSourceOptions } from '../../src/database/data-source-options.js';
import { GroupCommitWriter } from '../../src/database/group-commit-writer.js';
import { insertTarget } from '../../src/database/insert-rows.js';
import type { TestDatabase } from './test-database.js';

const ENTRIES = insertTarget<UsageEntry>(
  { table: 'usage_entries', columns: USAGE_ENTRY_COLUMNS },
  (entry) => USAGE_ENTRY_COLUMNS.map((column) => column.read(entry)),
);

const START = Date.UTC(2026, 1, 27, 22);
const DAYS = 4;

const price: AppliedPrice = {
  id: 'price',
  price: {
    source: 'override',
    rounded: false,
    rates: completeRates({
      input: 150_001,
      cacheRead: 75_499,
      cacheWrite: null,
      cacheWrite1h: null,
      inputAudio: null,
      inputImage: null,
      output: 600_007,
      outputReasoning: null,
      outputAudio: null,
      outputImage: null,
    }),
    tiers: [],
    perRequestNanoUsd: 3,
    webSearchNanoUsd: 0,
  },
};

const tokens = fc.nat({ max: 2_000_000 });

/** How a request ended, or was thought to have. */
const ending = fc.record({
  status: fc.constantFrom('ok' as const, 'error' as const, 'client_aborted' as const),
  model: fc.constantFrom('one', 'two'),
  usage: fc.record({ inputUncached: tokens, cacheRead: tokens, outputText: tokens }),
  estimated: fc.boolean(),
  isPriced: fc.boolean(),
  latencyMs: fc.nat({ max: 100_000 }),
  firstChunkMs: fc.option(fc.nat({ max: 100_000 })),
  providerCostNanoUsd: fc.option(fc.nat({ max: 1_000_000_000 })),
});

const request = fc.record({
  after: fc.nat({ max: DAYS * 86_400_000 }),
  apiKeyId: fc.constantFrom('key-a', 'key-b', 'key-c'),
  isInterrupted: fc.boolean(),
  endings: fc.array(ending, { minLength: 0, maxLength: 3 }),
});

type Ending = typeof ending extends fc.Arbitrary<infer T> ? T : never;
type Request = typeof request extends fc.Arbitrary<infer T> ? T : never;

const admissionOf = (requestId: string, apiKeyId: string) => ({
  requestId,
  clientId: apiKeyId === 'key-c' ? 'client-2' : 'client-1',
  apiKeyId,
  dialect: 'chat',
  requestedModel: 'public',
  provider: 'vendor',
  model: 'one',
  stream: false,
  hasImages: false,
  inputCharacters: 4000,
  tags: null,
  endUser: null,
  session: null,
});

/** All that the ledger would hold of a request, in order; each ending after the first corrects. */
function entriesOf({ after, apiKeyId, isInterrupted, endings }: Request, index: number) {
  const admission = admissionOf(`request-${index}`, apiKeyId);
  const createdAt = START + after;
  const reserved = reservedEntry({ admission, createdAt, money: NO_MONEY }, 'process');
  const close = (how: Ending) =>
    closingEntry({
      admission,
      createdAt,
      reservedNanoUsd: null,
      processId: 'process',
      price: how.isPriced ? price : undefined,
      outcome: {
        status: how.status,
        provider: 'vendor',
        model: how.model,
        legs: [],
        usage: {
          ...NO_USAGE,
          ...how.usage,
          estimated: how.estimated,
          ...(how.providerCostNanoUsd !== null && { providerCostNanoUsd: how.providerCostNanoUsd }),
        },
        latencyMs: how.latencyMs,
        firstChunkMs: how.firstChunkMs,
        httpStatus: 200,
        errorCode: null,
        upstreamRequestId: null,
        translation: null,
      },
    });
  const entries = [reserved];
  for (const truth of [
    ...(isInterrupted ? [interruptedEntry(reserved, price)] : []),
    ...endings.map(close),
  ]) {
    const booked = entries.at(-1) as UsageEntry;
    if (booked.sequence === 0) entries.push(truth);
    else entries.push(...correctionOf(booked, truth));
  }
  return entries;
}

/** What the last entries of all requests come to, counted without the database. */
function expectedTotals(truths: readonly UsageEntry[]): Record<string, bigint> {
  const add = (value: (entry: UsageEntry) => number | null | boolean) =>
    truths.reduce((total, entry) => total + BigInt(Number(value(entry) ?? 0)), 0n);
  return {
    requests: BigInt(truths.length),
    input_tokens: add((entry) => entry.inputTokens),
    cached_input_tokens: add((entry) => entry.cachedInputTokens),
    cache_write_tokens: add((entry) => entry.cacheWriteTokens + entry.cacheWrite1hTokens),
    output_tokens: add((entry) => entry.outputTokens),
    reasoning_tokens: add((entry) => entry.reasoningTokens),
    cost_nano_usd: add((entry) => entry.costNanoUsd),
    provider_cost_nano_usd: add((entry) => entry.providerCostNanoUsd),
    unpriced_requests: add((entry) => entry.costNanoUsd === null),
    estimated_requests: add((entry) => entry.estimated),
    latency_ms: add((entry) => entry.latencyMs),
    latency_requests: add((entry) => entry.latencyMs !== null),
    first_chunk_ms: add((entry) => entry.firstChunkMs),
    first_chunk_requests: add((entry) => entry.firstChunkMs !== null),
  };
}

type Row = Record<string, string | number>;

const LATENCIES = `SELECT * FROM usage_latencies_now ORDER BY 1, 2, 3, 4, 5, 6`;
const ROLLUPS = `SELECT * FROM usage_rollups_now ORDER BY 1, 2, 3, 4, 5, 6, 7`;

/** What holds of the books on either database. */
export function describeBooks(open: () => TestDatabase): void {
  const query = (sql: string): Promise<Row[]> => open().reader.query(sql);

  const clear = () =>
    open().writer.transaction(async (manager) => {
      await manager.query('DELETE FROM usage_entries');
      await manager.query('DELETE FROM usage_rollups');
      await manager.query('DELETE FROM usage_latencies');
    });

  /** The same figure by each of its names must come to the same total. */
  async function totalsBy(width: number, name: string): Promise<Record<string, bigint>> {
    const groups = await query(
      `SELECT ${name} AS name, ${ROLLUP_SUMS.map((sum) => `SUM(${sum}) AS ${sum}`).join(', ')}
       FROM usage_rollups_now WHERE bucket_ms = ${width} GROUP BY 1`,
    );
    return Object.fromEntries(
      ROLLUP_SUMS.map((sum) => [
        sum,
        groups.reduce((total, group) => total + BigInt(group[sum] ?? 0), 0n),
      ]),
    );
  }

  it('have one total by key, by model, by status, by day and over all; a rebuild changes nothing', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(request, { maxLength: 40 }),
        fc.nat(100),
        async (requests, share) => {
          await clear();
          const books = requests.map(entriesOf);
          const appendAll = (entries: readonly UsageEntry[]) =>
            Promise.all(entries.map((entry) => open().writer.append(ENTRIES, entry)));
          const entries = books.flat();
          const middle = Math.round((entries.length * share) / 100);
          await appendAll(entries.slice(0, middle));
          await open().writer.transaction(bookPending);
          await appendAll(entries.slice(middle));

          const truths = books.map((entries) => entries.at(-1) as UsageEntry);
          const expected = expectedTotals(truths.filter(({ sequence }) => sequence > 0));
          const expectTotals = async () => {
            for (const width of Object.values(ROLLUP_WIDTHS)) {
              for (const name of [
                'client_id',
                'api_key_id',
                'model',
                'status',
                'bucket_start',
                "''",
              ])
                expect(await totalsBy(width, name)).toEqual(expected);
            }
          };
          await expectTotals();
          await open().writer.transaction(bookPending);
          await expectTotals();
          // No key counts what is none of its own: those that were taken back count nothing.
          const negative = `SELECT * FROM usage_rollups_now WHERE ${ROLLUP_SUMS.map((sum) => `${sum} < 0`).join(' OR ')}`;
          expect(await query(negative)).toEqual([]);

          const before = await query(ROLLUPS);
          expect((await findRollupDifferences(open().reader)).violations).toBe(0);
          await rebuildRollups(open().writer, open().reader);
          expect(await query(ROLLUPS)).toEqual(before);

          const latencies = await query(LATENCIES);
          for (const width of LATENCY_WIDTHS) {
            for (const measure of ['latency', 'first_chunk']) {
              const sum = latencies
                .filter((row) => Number(row['bucket_ms']) === width && row['measure'] === measure)
                .reduce((total, row) => total + BigInt(row['requests'] ?? 0), 0n);
              expect(sum).toBe(expected[`${measure}_requests`]);
            }
          }
          expect((await findLatencyDifferences(open().reader)).violations).toBe(0);
          await rebuildLatencies(open().writer, open().reader);
          expect(await query(LATENCIES)).toEqual(latencies);
        },
      ),
      { numRuns: 60 },
    );
  }, 60_000);

  it('are rebuilt beside another process that books all the while', async () => {
    const { settings } = open();
    const otherSource = await new DataSource(dataSourceOptions(settings, 'writer')).initialize();
    const other = new GroupCommitWriter(otherSource, settings);
    const requests: Request[] = Array.from({ length: 80 }, (_, index) => ({
      after: (index % 7) * 1000,
      apiKeyId: 'key-a',
      isInterrupted: true,
      endings: [],
    }));
    const bookAll = async () => {
      for (const entry of requests.flatMap(entriesOf)) {
        // Each has a roll-up of its own, which may come between what a rebuild deletes and inserts.
        await other.append(ENTRIES, { ...entry, apiKeyId: entry.requestId });
      }
    };
    try {
      const progress = { isOver: false };
      const booking = bookAll().finally(() => (progress.isOver = true));
      while (!progress.isOver) await rebuildRollups(open().writer, open().reader);
      await booking;
    } finally {
      await other.drain();
      await otherSource.destroy();
    }
    expect(await totalsBy(ROLLUP_WIDTHS.day, 'model')).toMatchObject({ requests: 80n });
    expect((await findRollupDifferences(open().reader)).violations).toBe(0);
  }, 60_000);
}
