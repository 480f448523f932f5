import { describe, expect, it } from 'vitest';
import type { UsageEntry } from './usage-entry.js';
import { bucketStart, ROLLUP_KEYS, ROLLUP_SUMS, rollupRows } from './usage-rollup.js';

const entry = (fields: Partial<UsageEntry>): UsageEntry =>
  ({
    kind: 'settled',
    status: 'ok',
    createdAt: 3_600_000,
    clientId: 'c',
    apiKeyId: 'k',
    provider: 'p',
    model: 'm',
    inputTokens: 1,
    cachedInputTokens: 0,
    cacheWriteTokens: 0,
    cacheWrite1hTokens: 0,
    outputTokens: 1,
    reasoningTokens: 0,
    costNanoUsd: 10,
    estimated: false,
    ...fields,
  }) as UsageEntry;

function named(row: (string | number)[]) {
  return Object.fromEntries(
    [...ROLLUP_KEYS, ...ROLLUP_SUMS].map((name, index) => [name, row[index]]),
  );
}

describe(rollupRows.name, () => {
  it('adds up what has the same key and leaves reservations out', () => {
    const rows = rollupRows([
      entry({ kind: 'reserved' }),
      entry({ inputTokens: 5, costNanoUsd: 7 }),
      entry({ createdAt: 7_199_999, inputTokens: 6, costNanoUsd: null, estimated: true }),
      entry({ createdAt: 7_200_000 }),
    ]);
    expect(rows.map(named)).toMatchObject([
      {
        bucket_start: 3_600_000,
        requests: 2,
        input_tokens: 11,
        cost_nano_usd: 7,
        unpriced_requests: 1,
        estimated_requests: 1,
      },
      { bucket_start: 7_200_000, requests: 1, input_tokens: 1, cost_nano_usd: 10 },
    ]);
  });

  it('adds a correction without counting it as a request', () => {
    const [row] = rollupRows([
      entry({ status: 'interrupted', kind: 'interrupted', inputTokens: 4, costNanoUsd: 4 }),
      entry({ status: 'interrupted', kind: 'adjusted', inputTokens: 6, costNanoUsd: 6 }),
    ]).map(named);
    expect(row).toMatchObject({ requests: 1, input_tokens: 10, cost_nano_usd: 10 });
  });

  it('gives the same order whatever order the entries came in', () => {
    const entries = ['b', 'a', 'c'].map((clientId) => entry({ clientId }));
    expect(rollupRows(entries)).toEqual(rollupRows(entries.toReversed()));
  });
});

describe(bucketStart.name, () => {
  it('is the whole hour', () => {
    expect(bucketStart(Date.UTC(2026, 1, 3, 4, 59, 59, 999))).toBe(Date.UTC(2026, 1, 3, 4));
  });
});
