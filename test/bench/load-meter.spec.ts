import { describe, expect, it } from 'vitest';
import { spreadOf } from '../../bench/comparison.ts';
import { LoadMeter, percentilesOf } from '../../bench/load-meter.ts';

const EVENTS = Buffer.from(
  'data: {"a":"\\n\\n"}\n\n: comment\n\ndata: x\ndata: y\n\ndata: [DONE]\n\n',
);

describe(LoadMeter.name, () => {
  it.for([1, 2, 7, 1000])('counts the same events in pieces of %d bytes', (size) => {
    const meter = new LoadMeter(0);
    meter.begin();
    const sample = meter.start();
    for (let at = 0; at < EVENTS.length; at += size) {
      sample.countEvents(EVENTS.subarray(at, at + size));
    }
    sample.succeed();
    expect(meter.result()).toMatchObject({ requests: 1, errors: 0, events: 4 });
  });

  it('counts failures apart and keeps the first five reasons', () => {
    const meter = new LoadMeter(0);
    meter.begin();
    for (let index = 0; index < 7; index += 1) meter.start().fail(`reason ${index}`);
    meter.start().succeed();
    const result = meter.result();
    expect(result).toMatchObject({ requests: 8, errors: 7, firstChunkMs: null });
    expect(result.errorSamples).toEqual([
      'reason 0',
      'reason 1',
      'reason 2',
      'reason 3',
      'reason 4',
    ]);
    expect(result.sustainedEventsPerSecond).toBeNull();
  });

  it('takes the sustained rate only from the time when all streams should run', () => {
    const meter = new LoadMeter(500);
    meter.begin();
    const began = performance.now();
    for (let ms = 0; ms < 4000; ms += 10)
      meter.addEvents(ms < 1000 || ms >= 3000 ? 1 : 2, began + ms);
    meter.addLatency(1, began + 3000);
    meter.addLatency(1, began + 4000);
    expect(meter.result().sustainedEventsPerSecond).toBe(200);
  });
});

describe(percentilesOf.name, () => {
  it('takes the nearest rank', () => {
    const values = Array.from({ length: 100 }, (_, index) => 100 - index);
    expect(percentilesOf(values)).toEqual({ p50: 50, p90: 90, p99: 99, max: 100 });
    expect(percentilesOf([])).toEqual({ p50: 0, p90: 0, p99: 0, max: 0 });
  });
});

describe(spreadOf.name, () => {
  it.for([
    { values: [3, 1, 2], expected: { median: 2, min: 1, max: 3 } },
    { values: [4, 1, 2, 3], expected: { median: 2.5, min: 1, max: 4 } },
    { values: [1, null], expected: null },
    { values: [], expected: null },
  ])('of $values', ({ values, expected }) => {
    expect(spreadOf(values)).toEqual(expected);
  });
});
