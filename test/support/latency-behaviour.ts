import fc from 'fast-check';
import { expect, it } from 'vitest';
import { insertTarget } from '../../src/database/insert-rows.js';
import { NO_USAGE } from '../../src/providers/contract/token-usage.js';
import { closingEntry } from '../../src/usage/build-usage-entry.js';
import { correctionOf } from '../../src/usage/correction.js';
import { COVERED_BY_LATENCIES, LatencyReader } from '../../src/usage/latency/latency-reader.js';
import { percentilesOfTimes } from '../../src/usage/latency/percentiles.js';
import { slicesOf } from '../../src/usage/queries/period-slices.js';
import { USAGE_ENTRY_COLUMNS } from '../../src/usage/usage-entry-columns.js';
import type { UsageEntry } from '../../src/usage/usage-entry.js';
import type { TestDatabase } from './test-database.js';

const ENTRIES = insertTarget<UsageEntry>(
  { table: 'usage_entries', columns: USAGE_ENTRY_COLUMNS },
  (entry) => USAGE_ENTRY_COLUMNS.map((column) => column.read(entry)),
);
const START = Date.UTC(2026, 1, 27, 22);
const HORIZONS = { entries: 0, minutes: 0 };

const request = fc.record({
  after: fc.nat({ max: 3 * 86_400_000 }),
  model: fc.constantFrom('one', 'two'),
  latencyMs: fc.nat({ max: 5_000_000 }),
  firstChunkMs: fc.option(fc.nat({ max: 100_000 })),
});
type Request = typeof request extends fc.Arbitrary<infer T> ? T : never;

function entryOf({ after, model, latencyMs, firstChunkMs }: Request, index: number): UsageEntry {
  return closingEntry({
    admission: {
      requestId: `request-${index}`,
      clientId: 'client',
      apiKeyId: 'key',
      dialect: 'chat',
      requestedModel: 'public',
      provider: 'vendor',
      model,
      stream: false,
      hasImages: false,
      inputCharacters: 4,
      tags: null,
      endUser: null,
      session: null,
    },
    createdAt: START + after,
    reservedNanoUsd: null,
    processId: 'process',
    price: undefined,
    outcome: {
      status: 'ok',
      provider: 'vendor',
      model,
      legs: [],
      usage: NO_USAGE,
      latencyMs,
      firstChunkMs,
      httpStatus: 200,
      errorCode: null,
      upstreamRequestId: null,
      translation: null,
    },
  });
}

/** What holds of percentiles on either database. */
export function describeLatencies(open: () => TestDatabase): void {
  it('are a tenth off what is exact, at most, over any range and by model', async () => {
    const time = fc.nat({ max: 3 * 86_400_000 }).map((after) => START + after);
    await fc.assert(
      fc.asyncProperty(
        fc.array(request, { minLength: 1, maxLength: 40 }),
        time,
        time,
        async (requests, one, other) => {
          await open().writer.transaction(async (manager) => {
            await manager.query('DELETE FROM usage_entries');
            await manager.query('DELETE FROM usage_latencies');
          });
          const entries = requests.map(entryOf);
          // One of them was taken for slower than it was.
          const [first] = entries as [UsageEntry];
          const wrong = { ...first, latencyMs: (first.latencyMs ?? 0) * 2 + 1000 };
          const written = [wrong, ...entries.slice(1), ...correctionOf(wrong, first)];
          for (const entry of written) await open().writer.append(ENTRIES, entry);

          const range = { from: Math.min(one, other), to: Math.max(one, other) };
          const found = await new LatencyReader(open().reader).read({
            slices: slicesOf([range], HORIZONS, COVERED_BY_LATENCIES),
            scope: {},
            groupBy: 'model',
          });
          for (const model of ['one', 'two']) {
            const inside = entries.filter(
              (entry) =>
                entry.model === model &&
                entry.createdAt >= range.from &&
                entry.createdAt < range.to,
            );
            const exact = percentilesOfTimes(inside);
            const group = found.find((percentiles) => percentiles.group === `vendor/${model}`);
            for (const [name, value] of Object.entries(exact) as [keyof typeof exact, number][]) {
              const near = group?.[name] ?? null;
              if (value === null) expect(near).toBeNull();
              else expect(Math.abs((near as number) - value)).toBeLessThanOrEqual(value / 10);
            }
          }
        },
      ),
      { numRuns: 40 },
    );
  }, 60_000);
}
