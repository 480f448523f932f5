import { describe, expect, it } from 'vitest';
import type { RateSignal, VendorQuota } from '../../providers/contract/rate-signal.js';
import { TargetLimit } from './target-limit.js';

const NO_TOKENS = () => 0;

function given() {
  const clock = { now: 0 };
  const limit = new TargetLimit(() => clock.now);
  return { clock, limit };
}

function signal(fields: Partial<RateSignal> = {}): RateSignal {
  return {
    isRefusal: false,
    retryAfterMs: undefined,
    quotas: [],
    keyIndex: 0,
    keyCount: 1,
    ...fields,
  };
}

function refusal(retryAfterMs?: number, fields: Partial<RateSignal> = {}): RateSignal {
  return signal({ isRefusal: true, retryAfterMs, ...fields });
}

function quota(fields: Partial<VendorQuota>): VendorQuota {
  return { kind: 'requests', remaining: 0, limit: undefined, resetMs: 10_000, ...fields };
}

/** Makes calls for as long as there is room, at most so many; the last one's place comes back too. */
function callAll(limit: TargetLimit, most = 1_000) {
  const places = [];
  while (places.length < most && limit.waitMs() === 0) places.push(limit.begin(NO_TOKENS));
  return places;
}

describe(TargetLimit.name, () => {
  it('holds nothing back before anything was refused', () => {
    const { limit } = given();
    expect(callAll(limit)).toHaveLength(1_000);
    expect(limit.perMinute).toBeUndefined();
  });

  it('pauses until the time that a refusal names', () => {
    const { limit, clock } = given();
    limit.begin(NO_TOKENS).heard(refusal(30_000));
    expect([limit.waitMs(), limit.perMinute]).toEqual([30_000, 0]);
    clock.now = 29_000;
    expect(limit.waitMs()).toBe(1_000);
    clock.now = 30_000;
    expect(limit.waitMs()).toBe(0);
  });

  it('asks again after a quarter of an hour, however long the pause', () => {
    const { limit } = given();
    limit.begin(NO_TOKENS).heard(refusal(86_400_000));
    expect(limit.waitMs()).toBe(900_000);
  });

  it('is as fast as the provider let calls through, once they have all been refused or not', () => {
    const { limit, clock } = given();
    const places = callAll(limit, 120);
    clock.now = 1_000;
    // 20 of 120 were refused: 100 within the second before and the nine that nothing will pass.
    for (const { heard } of places.slice(100)) heard(refusal(9_000));
    clock.now = 10_000;
    expect(limit.perMinute).toBeGreaterThanOrEqual(600);
    // Since then it has become faster, towards the 7,200 a minute that were sent.
    expect(limit.perMinute).toBeLessThan(2_000);
  });

  it('takes a minute for the window of a provider that names no time', () => {
    const { limit } = given();
    const places = callAll(limit, 120);
    for (const { heard } of places.slice(100)) heard(refusal());
    expect(limit.perMinute).toBe(100);
    expect(callAll(limit)).toHaveLength(16);
  });

  it('learns no rate from a provider that is hardly called', () => {
    const { limit } = given();
    for (const { heard } of callAll(limit, 19)) heard(refusal());
    expect(limit.perMinute).toBeUndefined();
  });

  it('falls once for all refusals of calls that were out at the same time', () => {
    const { limit } = given();
    const first = callAll(limit, 300);
    for (const { heard } of first.slice(200)) heard(refusal());
    expect(limit.perMinute).toBe(200);
    const second = callAll(limit, 10);
    for (const { heard } of second) heard(refusal());
    expect(limit.perMinute).toBe(160);
  });

  it('forgets when there was no refusal for two minutes', () => {
    const { limit, clock } = given();
    for (const { heard } of callAll(limit, 20)) heard(refusal());
    expect(limit.perMinute).toBe(30);
    clock.now = 120_000;
    expect(limit.perMinute).toBeUndefined();
    expect(callAll(limit)).toHaveLength(1_000);
  });

  it('lets out no more than a provider says is left, before anything is refused', () => {
    const { limit, clock } = given();
    limit.begin(NO_TOKENS).heard(signal({ quotas: [quota({ remaining: 3 })] }));
    expect(callAll(limit)).toHaveLength(3);
    expect(limit.waitMs()).toBe(10_000);
    clock.now = 10_000;
    expect(limit.waitMs()).toBe(0);
  });

  it('counts what was sent after the call whose answer tells', () => {
    const { limit } = given();
    const first = limit.begin(NO_TOKENS);
    callAll(limit, 4);
    first.heard(signal({ quotas: [quota({ remaining: 5 })] }));
    expect(callAll(limit)).toHaveLength(1);
  });

  it('hears the answer to the newest call, whenever the others arrive', () => {
    const { limit } = given();
    const first = limit.begin(NO_TOKENS);
    const second = limit.begin(NO_TOKENS);
    second.heard(signal({ quotas: [quota({ remaining: 2 })] }));
    first.heard(signal({ quotas: [quota({ remaining: 9 })] }));
    expect(callAll(limit)).toHaveLength(2);
  });

  it('knows what comes back little by little, where the provider says how much there is', () => {
    const { limit, clock } = given();
    const quotas = [quota({ remaining: 0, limit: 10, resetMs: 60_000 })];
    limit.begin(NO_TOKENS).heard(signal({ quotas }));
    expect(limit.waitMs()).toBeCloseTo(6_000);
    clock.now = 12_000;
    expect(callAll(limit)).toHaveLength(2);
    expect(limit.waitMs()).toBeCloseTo(6_000);
  });

  it('counts tokens as they are expected, once the provider tells them', () => {
    const { limit } = given();
    const quotas = [quota({ kind: 'tokens', remaining: 1_000 })];
    limit.begin(NO_TOKENS).heard(signal({ quotas }));
    limit.begin(() => 600);
    expect(limit.waitMs()).toBe(0);
    limit.begin(() => 600);
    expect(limit.waitMs()).toBe(10_000);
  });

  it('gives back what was not sent', () => {
    const { limit } = given();
    limit.begin(NO_TOKENS).heard(signal({ quotas: [quota({ remaining: 1 })] }));
    const place = limit.begin(NO_TOKENS);
    expect(limit.waitMs()).toBe(10_000);
    place.undo();
    expect(limit.waitMs()).toBe(0);
  });

  it('waits for none of several keys while one of them is free', () => {
    const { limit } = given();
    limit.begin(NO_TOKENS).heard(refusal(30_000, { keyCount: 2 }));
    expect([limit.waitMs(), limit.perMinute]).toEqual([0, undefined]);
    limit.begin(NO_TOKENS).heard(refusal(10_000, { keyCount: 2, keyIndex: 1 }));
    expect(limit.waitMs()).toBe(10_000);
  });
});
