import { describe, expect, it } from 'vitest';
import { NO_USAGE } from '../providers/contract/token-usage.js';
import type { Admission, Outcome } from './admission.js';
import { closingEntry, interruptedEntry, reservedEntry } from './build-usage-entry.js';
import { correctionOf } from './correction.js';
import { NO_MONEY } from './reservation.js';
import type { UsageEntry } from './usage-entry.js';
import { USAGE_ENTRY_COLUMNS } from './usage-entry-columns.js';
import { ANY_SHAPE, shapeOfEntry } from './usage-entry-shapes.js';

const admission: Admission = {
  requestId: 'request',
  clientId: 'client',
  apiKeyId: 'key',
  dialect: 'chat',
  requestedModel: 'public',
  provider: 'vendor',
  model: 'model',
  stream: true,
  hasImages: true,
  inputCharacters: 40,
  tags: 'tag',
  endUser: 'user',
  session: 'session',
};

const outcome: Outcome = {
  status: 'ok',
  provider: 'vendor',
  model: 'model',
  legs: [{ provider: 'vendor', model: 'model', status: 'ok', startedMs: 0, durationMs: 5 }],
  usage: { ...NO_USAGE, inputUncached: 10, cacheRead: 3, outputText: 20, outputReasoning: 4 },
  latencyMs: 5,
  firstChunkMs: 2,
  httpStatus: 200,
  errorCode: null,
  upstreamRequestId: 'upstream',
  translation: null,
};

const close = (changes: Partial<Outcome> = {}): UsageEntry =>
  closingEntry({
    admission,
    reservedNanoUsd: 7,
    createdAt: 1,
    processId: 'process',
    outcome: { ...outcome, ...changes },
    price: undefined,
  });

const reserved = reservedEntry({ admission, createdAt: 1, money: NO_MONEY }, 'process');
const interrupted = interruptedEntry(reserved, undefined);

/** Column by column what would be stored. */
function storedBy(entry: UsageEntry): Record<string, unknown> {
  const { table, cells } = shapeOfEntry(entry);
  const values = cells(entry);
  const bound = table.columns.map(({ name }, index) => [name, values[index]] as const);
  return { ...Object.fromEntries(bound), ...table.constants };
}

describe(shapeOfEntry, () => {
  it.each<[string, UsageEntry]>([
    ['a reservation', reserved],
    ['a settlement', close()],
    ['an interrupted request', interrupted],
    ...correctionOf(close(), close({ status: 'error' })).map(
      (entry, index) => [`part ${index + 1} of a correction`, entry] as [string, UsageEntry],
    ),
    // One thing in each that most settlements do not have.
    ['an error', close({ errorCode: 'upstream_error' })],
    ['a translation', close({ translation: 'seed=dropped' })],
    ['a route', close({ route: 'strategy=weighted' })],
    ['units', close({ usage: { ...NO_USAGE, units: { image: 2 } } })],
    ['web searches', close({ usage: { ...NO_USAGE, webSearches: 1 } })],
    ['a written cache', close({ usage: { ...NO_USAGE, cacheWrite: 1 } })],
    ['a cache written for an hour', close({ usage: { ...NO_USAGE, cacheWrite1h: 1 } })],
    ['sound', close({ usage: { ...NO_USAGE, inputAudio: 1 } })],
    ['spoken words', close({ usage: { ...NO_USAGE, outputAudio: 1 } })],
    ['pictures', close({ usage: { ...NO_USAGE, inputImage: 1 } })],
    ['drawn pictures', close({ usage: { ...NO_USAGE, outputImage: 1 } })],
    ["a provider's own cost", close({ usage: { ...NO_USAGE, providerCostNanoUsd: 1 } })],
    ['a note on the price', { ...close(), priceNote: 'standard_tier_rates' }],
    ['a hit of the cache', { ...close(), cacheHit: true }],
    ['a reservation that is none of ours', { ...reserved, attempts: 1, status: 'error' }],
  ])('stores every column of %s as it is', (_what, entry) => {
    expect(storedBy(entry)).toEqual(
      Object.fromEntries(USAGE_ENTRY_COLUMNS.map(({ name, read }) => [name, read(entry)])),
    );
  });

  it('binds less for what is written with every request, and has a place for everything else', () => {
    const bound = (entry: UsageEntry) => shapeOfEntry(entry).table.columns.length;
    expect(bound(reserved)).toBeLessThan(20);
    expect(bound(close())).toBeLessThan(35);
    expect(shapeOfEntry(interrupted)).toBe(ANY_SHAPE);
  });
});
