import { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LONGEST_MS, roundedDown, stepAfter } from './latency-steps.js';
import { NO_PERCENTILES, percentilesOfCounts, percentilesOfTimes } from './percentiles.js';

const database = new DatabaseSync(':memory:');
const rounding = database.prepare(`SELECT ${roundedDown('time')} AS start FROM (SELECT ? AS time)`);
const startOf = (time: number): number => Number(rounding.get(BigInt(time))?.['start']);

const times = fc.array(fc.integer({ min: 0, max: LONGEST_MS - 1 }), {
  minLength: 1,
  maxLength: 200,
});
const latency = { measure: 'latency' } as const;

describe(percentilesOfCounts, () => {
  it('is a tenth off what is exact, at most', () => {
    fc.assert(
      fc.property(times, (latencies) => {
        const counts = latencies.map((time) => ({
          ...latency,
          fromMs: startOf(time),
          requests: 1,
        }));
        const exact = percentilesOfTimes(
          latencies.map((latencyMs) => ({ latencyMs, firstChunkMs: null })),
        );
        const found = percentilesOfCounts(counts);
        for (const name of ['latencyP50Ms', 'latencyP95Ms'] as const) {
          const start = startOf(exact[name] as number);
          expect(found[name]).toBeGreaterThanOrEqual(start);
          expect(found[name]).toBeLessThan(start + stepAfter(start));
          if (start >= 10) expect(stepAfter(start) / start).toBeLessThanOrEqual(0.1);
        }
        expect(found).toMatchObject({ firstChunkP50Ms: null, firstChunkP95Ms: null });
      }),
    );
  });

  it('tells latencies and first chunks apart', () => {
    const counts = [
      { ...latency, fromMs: 1000, requests: 99 },
      { ...latency, fromMs: 5000, requests: 1 },
      { measure: 'first_chunk', fromMs: 100, requests: 1 },
    ] as const;
    expect(percentilesOfCounts(counts)).toEqual({
      latencyP50Ms: 1050,
      latencyP95Ms: 1095,
      firstChunkP50Ms: 105,
      firstChunkP95Ms: 105,
    });
  });

  it('does not count what was taken back', () => {
    const counts = [
      { ...latency, fromMs: 1000, requests: 0 },
      { ...latency, fromMs: 20, requests: 1 },
    ];
    expect(percentilesOfCounts(counts)).toMatchObject({ latencyP50Ms: 21, latencyP95Ms: 21 });
  });

  it('is nothing without requests', () => {
    expect(percentilesOfCounts([])).toEqual(NO_PERCENTILES);
  });
});

describe(percentilesOfTimes, () => {
  it('takes the request that the share does not exceed', () => {
    const requests = Array.from({ length: 100 }, (_, index) => ({
      latencyMs: 100 - index,
      firstChunkMs: index === 0 ? 7 : null,
    }));
    expect(percentilesOfTimes(requests)).toEqual({
      latencyP50Ms: 50,
      latencyP95Ms: 95,
      firstChunkP50Ms: 7,
      firstChunkP95Ms: 7,
    });
  });
});
