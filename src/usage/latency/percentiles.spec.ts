import { describe, expect, it } from 'vitest';
import { NO_PERCENTILES, percentilesOfTimes } from './percentiles.js';

describe(percentilesOfTimes, () => {
  it('takes the first request that the share does not exceed', () => {
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

  it('is nothing without requests', () => {
    expect(percentilesOfTimes([])).toEqual(NO_PERCENTILES);
  });
});
