import { describe, expect, it } from 'vitest';
import { ProviderError, type ProviderErrorKind } from '../../providers/contract/provider-error.js';
import type { EndedCall } from './target-call.js';
import { TargetStats } from './target-stats.js';

const A = { instance: { name: 'a' }, model: 'm' };

function given() {
  const clock = { time: 0, now: () => clock.time };
  const stats = new TargetStats(clock);
  const call = (milliseconds: number, kind?: ProviderErrorKind, options = {}) => {
    const made = stats.begin(A, true);
    clock.time += milliseconds;
    if (kind === undefined) made.first();
    made.end(kind && new ProviderError(kind, kind, options));
  };
  return { clock, stats, call };
}

describe(TargetStats.name, () => {
  it('counts calls in flight, whatever is said twice', () => {
    const { stats } = given();
    const [one, other] = [stats.begin(A, false), stats.begin(A, false)];
    expect(stats.find(A)?.inFlight).toBe(2);
    one.end();
    one.end();
    expect(stats.find(A)?.inFlight).toBe(1);
    other.end(new ProviderError('aborted', 'aborted'));
    expect(stats.find(A)).toMatchObject({ inFlight: 0, evidence: expect.closeTo(1) });
  });

  it('averages times, in which what is new counts more', () => {
    const { clock, stats, call } = given();
    call(1000);
    clock.time += 30_000 - 100;
    call(100);
    // A half-life lies between the two: (1000 / 2 + 100) / (1 / 2 + 1).
    expect(stats.find(A)?.firstChunkMs).toBeCloseTo(400);
    expect(stats.find(A)?.latencyMs).toBeUndefined();
  });

  it('keeps the time of whole answers apart from that of first chunks', () => {
    const { clock, stats } = given();
    const made = stats.begin(A, false);
    clock.time += 700;
    made.first();
    made.end();
    expect(stats.find(A)).toMatchObject({ firstChunkMs: undefined, latencyMs: 700 });
  });

  it('knows nothing of what was long ago', () => {
    const { clock, stats, call } = given();
    call(10, 'failed');
    call(10);
    clock.time += 600_000;
    expect(stats.find(A)).toMatchObject({ firstChunkMs: undefined, errorRate: 0 });
  });

  it.each([
    ['failed', 'failed', 1],
    ['timeout', 'failed', 1],
    ['invalid_response', 'failed', 1],
    ['auth', 'failed', 1],
    ['rejected', 'ok', 0],
    ['rate_limited', 'rate_limited', 0],
    ['aborted', 'none', 0],
    ['unavailable', 'none', 0],
  ] as const)('takes %s as %s', (kind, verdict, errorRate) => {
    const { stats, call } = given();
    const ended: EndedCall[] = [];
    stats.ended.subscribe((one) => ended.push(one));
    call(5, kind);
    expect(ended).toMatchObject([{ instance: 'a', model: 'm', verdict, durationMs: 5 }]);
    expect(stats.find(A)).toMatchObject({ errorRate, firstChunkMs: undefined });
  });

  it('is paused for as long as the vendor asks, and no longer', () => {
    const { clock, stats, call } = given();
    call(0, 'rate_limited', { retryAfterMs: 2_000 });
    expect(stats.isOpen(A)).toBe(false);
    expect(stats.find(A)?.pausedForMs).toBe(2_000);
    clock.time += 2_000;
    expect(stats.isOpen(A)).toBe(true);
  });

  it('is tried again after a quarter of an hour, however long the pause', () => {
    const { clock, stats, call } = given();
    call(0, 'rate_limited', { retryAfterMs: 86_400_000 });
    clock.time += 899_999;
    expect(stats.isPaused(A)).toBe(true);
    clock.time += 1;
    expect(stats.isPaused(A)).toBe(false);
  });

  it('is open again when it answers a call that came after the pause', () => {
    const { clock, stats, call } = given();
    const before = stats.begin(A, true);
    clock.time += 1;
    call(0, 'rate_limited', { retryAfterMs: 60_000 });
    before.end();
    expect(stats.isPaused(A)).toBe(true);
    call(1);
    expect(stats.isPaused(A)).toBe(false);
  });

  it('has the worse state of the instance and the model', () => {
    const { stats } = given();
    stats.states.find('degraded', 'a');
    expect([stats.stateOf(A), stats.isOpen(A)]).toEqual(['degraded', true]);
    stats.states.find('disabled', 'a', 'm');
    expect([stats.stateOf(A), stats.isOpen(A)]).toEqual(['disabled', false]);
    expect(stats.stateOf({ ...A, model: 'other' })).toBe('degraded');
    stats.states.find('healthy', 'a');
    stats.states.find('healthy', 'a', 'm');
    expect(stats.stateOf(A)).toBe('healthy');
  });

  it('forgets targets rather than grow without end', () => {
    const { stats } = given();
    for (let index = 0; index < 3_000; index += 1) {
      stats.begin({ ...A, model: `m${index}` }, false).end();
    }
    expect(stats.all()).toHaveLength(2_000);
  });
});
