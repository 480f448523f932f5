import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ProviderError, type ProviderErrorKind } from '../contract/provider-error.js';
import { Breaker, type Ticket } from './breaker.js';

const SETTINGS = {
  enabled: true,
  errorThresholdPercentage: 50,
  volumeThreshold: 4,
  windowMs: 10_000,
  resetTimeoutMs: 1_000,
  maxResetMs: 16_000,
  perModel: false,
};

/** Same numbers for the same seed, so that a failure can be played again (mulberry32). */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const KINDS: readonly ProviderErrorKind[] = [
  'failed',
  'timeout',
  'rejected',
  'rate_limited',
  'aborted',
];

/** Any upstream, any callers, any hand: ten minutes of it, and then the upstream is well. */
describe(`${Breaker.name}: recovery`, () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  function flap(breaker: Breaker, random: () => number, isShared: boolean): Ticket[] {
    const underWay: Ticket[] = [];
    const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T;
    const steps: (() => void)[] = [
      () => underWay.push(breaker.admit() as Ticket),
      () => underWay.push(breaker.admit() as Ticket),
      () => {
        const ticket = underWay.shift();
        if (ticket !== undefined) breaker.fail(ticket, new ProviderError(pick(KINDS), 'no'));
      },
      () => {
        const ticket = underWay.shift();
        if (ticket === undefined) return;
        const later = breaker.succeed(ticket);
        if (random() < 0.5) breaker.failLate(later, new ProviderError('failed', 'no'));
      },
      () => vi.advanceTimersByTime(random() * 2_000),
    ];
    // What other processes say would also mend what is stuck here.
    if (isShared) {
      steps.push(
        () => breaker.openedElsewhere(random() * 100_000),
        () => breaker.closedElsewhere(),
      );
    }
    const end = performance.now() + 600_000;
    while (performance.now() < end) {
      vi.advanceTimersByTime(random() * 200);
      try {
        pick(steps)();
      } catch (refusal) {
        expect(refusal).toMatchObject({ kind: 'unavailable', retryAfterMs: expect.any(Number) });
      }
    }
    return underWay;
  }

  it.each(Array.from({ length: 40 }, (_, seed) => seed + 1))(
    'closes within one interval of an upstream that is well again (seed %i)',
    (seed) => {
      const random = randomOf(seed);
      const breaker = new Breaker(SETTINGS, 'instance');
      const underWay = flap(breaker, random, seed % 2 === 0);
      // Calls end, at the latest by their time-out; those of before may say whatever they like.
      for (const ticket of underWay) breaker.fail(ticket, new ProviderError('timeout', 'no'));

      const wellSince = performance.now();
      while (breaker.state !== 'closed') {
        try {
          breaker.succeed(breaker.admit() as Ticket);
        } catch {
          vi.advanceTimersByTime(50);
        }
        expect(performance.now() - wellSince).toBeLessThanOrEqual(SETTINGS.maxResetMs + 50);
      }
      for (let index = 0; index < 500; index += 1) breaker.succeed(breaker.admit() as Ticket);
      expect(breaker.state).toBe('closed');
      breaker.close();
      expect(vi.getTimerCount()).toBe(0);
    },
  );

  it('never has two probes at once, whatever happens', () => {
    const random = randomOf(4711);
    const breaker = new Breaker(SETTINGS, 'instance');
    let probes = 0;
    for (let round = 0; round < 2_000; round += 1) {
      vi.advanceTimersByTime(random() * 500);
      if (breaker.state === 'closed') breaker.open();
      if (breaker.state !== 'half-open') continue;
      const tickets = Array.from({ length: 20 }, () => {
        try {
          return breaker.admit() as Ticket;
        } catch {
          return undefined;
        }
      }).filter((ticket) => ticket !== undefined);
      expect(tickets).toHaveLength(1);
      probes += 1;
      const kind: ProviderErrorKind = random() < 0.5 ? 'aborted' : 'failed';
      breaker.fail(tickets[0] as Ticket, new ProviderError(kind, 'no'));
    }
    expect(probes).toBeGreaterThan(50);
    breaker.close();
  });
});
