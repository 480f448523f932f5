import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ProviderError, type ProviderErrorKind } from '../contract/provider-error.js';
import { Breaker, type Ticket } from './breaker.js';

const SETTINGS = {
  enabled: true,
  errorThresholdPercentage: 50,
  volumeThreshold: 4,
  windowMs: 10_000,
  resetTimeoutMs: 5000,
  maxResetMs: 20_000,
  perModel: false,
};

const error = (kind: ProviderErrorKind = 'failed', status?: number) =>
  new ProviderError(kind, 'because', { status });

describe(Breaker.name, () => {
  let breaker: Breaker;

  beforeEach(() => {
    vi.useFakeTimers();
    breaker = new Breaker(SETTINGS, 'instance');
  });

  afterEach(() => {
    breaker.close();
    vi.useRealTimers();
  });

  const admit = (): Ticket => breaker.admit() as Ticket;

  const failTimes = (count: number) => {
    for (let index = 0; index < count; index += 1) breaker.fail(admit(), error());
  };

  const halfOpen = () => {
    failTimes(4);
    vi.advanceTimersByTime(SETTINGS.resetTimeoutMs);
    expect(breaker.state).toBe('half-open');
  };

  /** Tickets of those that were let through. */
  const admitMany = (count: number) =>
    Array.from({ length: count }, () => {
      try {
        return admit();
      } catch (refusal) {
        expect(refusal).toMatchObject({ kind: 'unavailable' });
        return undefined;
      }
    }).filter((ticket) => ticket !== undefined);

  it('opens at the volume, not before', () => {
    failTimes(3);
    expect(breaker.state).toBe('closed');
    failTimes(1);
    expect(breaker.state).toBe('open');
  });

  it('opens above the threshold, not at it', () => {
    for (let index = 0; index < 4; index += 1) breaker.succeed(admit());
    failTimes(4);
    expect(breaker.state).toBe('closed');
    failTimes(1);
    expect(breaker.state).toBe('open');
  });

  it('forgets what left the window', () => {
    failTimes(3);
    vi.advanceTimersByTime(SETTINGS.windowMs + 1000);
    failTimes(3);
    expect(breaker.state).toBe('closed');
  });

  it.each<[ProviderErrorKind, number | undefined]>([
    ['rejected', 400],
    ['auth', 401],
    ['rate_limited', 429],
    ['aborted', undefined],
    ['timeout', 408],
    ['failed', 409],
  ])('is not opened by %s (%s)', (kind, status) => {
    for (let index = 0; index < 50; index += 1) breaker.fail(admit(), error(kind, status));
    expect(breaker.state).toBe('closed');
  });

  it.each<ProviderErrorKind>(['failed', 'invalid_response', 'timeout'])(
    'is opened by %s',
    (kind) => {
      for (let index = 0; index < 4; index += 1) breaker.fail(admit(), error(kind));
      expect(breaker.state).toBe('open');
    },
  );

  it('does not let aborted calls thin out the failures', () => {
    failTimes(3);
    for (let index = 0; index < 50; index += 1) breaker.fail(admit(), error('aborted'));
    failTimes(1);
    expect(breaker.state).toBe('open');
  });

  it('counts a stream that fails late as one failed call', () => {
    for (let index = 0; index < 4; index += 1) {
      const ticket = breaker.succeed(admit());
      breaker.failLate(ticket, error());
    }
    expect(breaker.state).toBe('open');
  });

  it('says when to come back', () => {
    failTimes(4);
    vi.advanceTimersByTime(2000);
    expect(() => admit()).toThrow(
      expect.objectContaining({ kind: 'unavailable', retryAfterMs: 3000 }),
    );
  });

  it('lets exactly one of 500 through at the reset, until that one has an outcome', () => {
    halfOpen();
    const [probe, ...others] = admitMany(500);
    expect(others).toEqual([]);
    expect(admitMany(500)).toEqual([]);
    breaker.succeed(probe!);
    expect(breaker.state).toBe('closed');
    expect(admitMany(500)).toHaveLength(500);
  });

  it('opens again for the whole time when the probe fails', () => {
    halfOpen();
    breaker.fail(admit(), error());
    expect(breaker.state).toBe('open');
    vi.advanceTimersByTime(2 * SETTINGS.resetTimeoutMs - 1);
    expect(admitMany(500)).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(admitMany(500)).toHaveLength(1);
  });

  /** How long it stays open now, found out by trying. */
  const measureOpenMs = (): number => {
    let elapsed = 0;
    while (breaker.state === 'open') {
      vi.advanceTimersByTime(500);
      elapsed += 500;
    }
    return elapsed;
  };

  it('stays open twice as long after each probe that fails, up to a most', () => {
    failTimes(4);
    const measured = Array.from({ length: 4 }, () => {
      const openMs = measureOpenMs();
      breaker.fail(admit(), error());
      return openMs;
    });
    expect(measured).toEqual([5000, 10_000, 20_000, 20_000]);
  });

  it('goes on from there when it opens again soon after it closed', () => {
    halfOpen();
    breaker.succeed(admit());
    vi.advanceTimersByTime(SETTINGS.resetTimeoutMs - 1);
    failTimes(4);
    expect(measureOpenMs()).toBe(10_000);
    breaker.succeed(admit());
    vi.advanceTimersByTime(10_000);
    failTimes(4);
    expect(measureOpenMs()).toBe(5000);
  });

  it('is closed by hand, with an empty window, whatever it was', () => {
    failTimes(4);
    breaker.reset();
    expect(breaker.state).toBe('closed');
    failTimes(3);
    expect(breaker.state).toBe('closed');
    breaker.reset();
    halfOpen();
    const probe = admit();
    breaker.reset();
    expect(breaker.state).toBe('closed');
    breaker.fail(probe, error());
    expect(breaker.state).toBe('closed');
  });

  it('is opened by hand, for as long as is said', () => {
    breaker.open(1500);
    expect(breaker.openForMs).toBe(1500);
    breaker.open(60_000);
    expect(measureOpenMs()).toBe(60_000);
    breaker.succeed(admit());
    expect(breaker.state).toBe('closed');
  });

  it('closes when the probe is answered with a 4xx', () => {
    halfOpen();
    breaker.fail(admit(), error('rejected', 400));
    expect(breaker.state).toBe('closed');
  });

  it('takes an aborted probe for neither, again and again', () => {
    halfOpen();
    for (let index = 0; index < 5; index += 1) {
      const tickets = admitMany(500);
      expect(tickets).toHaveLength(1);
      breaker.fail(tickets[0]!, error('aborted'));
      expect(breaker.state).toBe('half-open');
    }
    breaker.succeed(admit());
    expect(breaker.state).toBe('closed');
  });

  it('lets calls from before it opened change nothing', () => {
    const old = admitMany(4);
    const oldStream = breaker.succeed(admit());
    failTimes(3);
    expect(breaker.state).toBe('open');
    breaker.succeed(old[0]!);
    expect(breaker.state).toBe('open');
    vi.advanceTimersByTime(SETTINGS.resetTimeoutMs);
    const [probe] = admitMany(1);
    breaker.succeed(old[1]!);
    breaker.fail(old[2]!, error());
    breaker.failLate(oldStream, error());
    expect(breaker.state).toBe('half-open');
    expect(admitMany(500)).toEqual([]);
    breaker.succeed(probe!);
    for (let index = 0; index < 10; index += 1) breaker.fail(old[3]!, error());
    expect(breaker.state).toBe('closed');
  });

  it('begins with an empty window after it recovered', () => {
    breaker.close();
    breaker = new Breaker({ ...SETTINGS, windowMs: 600_000 }, 'instance');
    halfOpen();
    const ticket = breaker.succeed(admit());
    breaker.failLate(ticket, error());
    failTimes(3);
    expect(breaker.state).toBe('closed');
    failTimes(1);
    expect(breaker.state).toBe('open');
  });

  it('never opens when it is not enabled', () => {
    breaker.close();
    breaker = new Breaker({ ...SETTINGS, enabled: false }, 'instance');
    expect(vi.getTimerCount()).toBe(0);
    failTimes(100);
    expect(admitMany(10)).toHaveLength(10);
    expect(breaker.state).toBe('closed');
  });

  it('leaves no timer behind when it is closed', () => {
    failTimes(4);
    breaker.close();
    expect(vi.getTimerCount()).toBe(0);
  });
});
