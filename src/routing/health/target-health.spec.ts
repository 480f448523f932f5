import { describe, expect, it } from 'vitest';
import type { HealthSettings } from '../../config/health-config.js';
import { TargetHealth, type HealthState, type Observation } from './target-health.js';

const SETTINGS: HealthSettings = {
  disableAboveErrorPercent: 50,
  enableBelowErrorPercent: 20,
  minCalls: 10,
  windowMs: 1_000,
  probe: 'off',
  probeIntervalMs: 0,
};

function given(settings: Partial<HealthSettings> = {}) {
  let time = 0;
  const health = new TargetHealth({ ...SETTINGS, ...settings }, time);
  const observe = (call: Partial<Observation>, count = 1) => {
    for (let index = 0; index < count; index += 1) {
      const ok = { verdict: 'ok', isStream: false, firstValueMs: 1, durationMs: 100 } as const;
      health.observe({ ...ok, ...call }, time);
    }
  };
  return {
    health,
    pass: (count = 1, durationMs = 100) => observe({ durationMs }, count),
    stream: (count: number, firstValueMs: number) =>
      observe({ isStream: true, firstValueMs, durationMs: 9_999 }, count),
    fail: (count = 1) => observe({ verdict: 'failed' }, count),
    /** The current window ends. */
    next: (windows = 1) => {
      time += SETTINGS.windowMs * windows;
      health.roll(time);
    },
  };
}

describe(TargetHealth.name, () => {
  it('is disabled by the call that makes it too bad, not by one before', () => {
    const { health, pass, fail } = given();
    pass(5);
    fail(5);
    expect(health.state).toBe('healthy');
    fail();
    expect(health.state).toBe('disabled');
  });

  it('is not judged by fewer calls than it takes', () => {
    const { health, fail } = given();
    fail(9);
    expect(health.state).toBe('healthy');
    fail();
    expect(health.state).toBe('disabled');
  });

  it('counts the window before with the current one, and none that is older', () => {
    const { health, fail, next } = given();
    fail(6);
    next();
    fail(3);
    expect(health.state).toBe('healthy');
    next(2);
    fail(9);
    expect(health.state).toBe('healthy');
  });

  it('is never disabled above 100 percent', () => {
    const { health, fail } = given({ disableAboveErrorPercent: 100 });
    fail(100);
    expect(health.state).toBe('healthy');
  });

  it('comes back by way of degraded, when enough calls passed', () => {
    const { health, pass, fail, next } = given();
    fail(10);
    pass(2);
    expect(health.state).toBe('disabled');
    pass();
    expect(health.state).toBe('degraded');
    next();
    expect(health.state).toBe('degraded');
    next();
    expect(health.state).toBe('healthy');
  });

  it('does not come back while too many fail beside those that pass', () => {
    const { health, pass, fail } = given();
    fail(10);
    fail();
    pass(4);
    expect(health.state).toBe('disabled');
    pass();
    expect(health.state).toBe('degraded');
  });

  it('does not go on and off: it fails again as slowly as the first time', () => {
    const { health, pass, fail } = given();
    fail(10);
    pass(3);
    fail(9);
    expect(health.state).toBe('degraded');
    fail();
    expect(health.state).toBe('disabled');
  });

  it('is tried again after two windows in which nobody called or probed it', () => {
    const { health, fail, next } = given();
    fail(10);
    next();
    expect(health.state).toBe('disabled');
    next();
    expect(health.state).toBe('degraded');
    next(100);
    expect(health.state).toBe('healthy');
  });

  it('is degraded between the two thresholds', () => {
    const { health, pass, fail, next } = given();
    pass(8);
    fail(2);
    next();
    expect(health.state).toBe('degraded');
    pass(9);
    fail(1);
    next();
    pass(10);
    next();
    expect(health.state).toBe('healthy');
  });

  it.each<[string, HealthState, number[]]>([
    ['rises over two windows', 'degraded', [100, 200, 400]],
    ['rises once', 'healthy', [100, 100, 400]],
    ['rises and falls', 'healthy', [100, 400, 200]],
    ['rises a little', 'healthy', [100, 115, 130]],
    ['rises by what nobody notices', 'healthy', [4, 8, 16]],
  ])('sees that the latency %s: %s', (_, state, means) => {
    for (const kind of ['pass', 'stream'] as const) {
      const sut = given();
      for (const mean of means) {
        sut[kind](10, mean);
        sut.next();
      }
      expect(sut.health.state).toBe(state);
    }
  });

  it('sees errors that rise before they are many', () => {
    const { health, pass, fail, next } = given({ enableBelowErrorPercent: 30 });
    for (const failures of [0, 1, 2]) {
      expect(health.state).toBe('healthy');
      pass(10 - failures);
      fail(failures);
      next();
    }
    expect(health.state).toBe('degraded');
  });

  it('does not take a mixture of calls for a trend', () => {
    const { health, pass, stream, next } = given();
    pass(10, 100);
    next();
    stream(10, 200);
    next();
    pass(10, 400);
    next();
    expect(health.state).toBe('healthy');
  });
});
