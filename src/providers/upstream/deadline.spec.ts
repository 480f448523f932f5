import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Deadline } from './deadline.js';

const TIMEOUTS = { connectMs: 10, firstByteMs: 1000, idleMs: 300, totalMs: 10_000 };

describe(Deadline, () => {
  let expired: string[];
  const listener = { expired: (message: string) => expired.push(message) };
  const create = (overrides: Partial<typeof TIMEOUTS> = {}, totalMs?: number) =>
    new Deadline({ ...TIMEOUTS, ...overrides }, totalMs, listener);

  beforeEach(() => {
    vi.useFakeTimers();
    expired = [];
  });

  afterEach(() => vi.useRealTimers());

  const advance = (milliseconds: number) => {
    vi.advanceTimersByTime(milliseconds);
    return expired.length;
  };

  it('waits for the first byte from the moment the request was sent', () => {
    const deadline = create();
    expect(advance(5000)).toBe(0);
    deadline.sent();
    expect(advance(999)).toBe(0);
    expect(advance(1)).toBe(1);
    expect(expired).toEqual(['The upstream did not begin to answer within 1000 ms']);
    expect(vi.getTimerCount()).toBe(0);
  });

  it.each([300, 3000])('limits the silence between chunks to %i ms', (idleMs) => {
    const deadline = create({ idleMs });
    deadline.sent();
    for (let chunk = 0; chunk < 3; chunk += 1) {
      expect(advance(idleMs === 300 ? 299 : 900)).toBe(0);
      deadline.received();
    }
    expect(advance(idleMs - 1)).toBe(0);
    expect(advance(1)).toBe(1);
    expect(expired).toEqual([`The upstream was silent for ${idleMs} ms`]);
  });

  it('limits the whole call, whatever arrives', () => {
    const deadline = create();
    deadline.sent();
    for (let chunk = 0; chunk < 99; chunk += 1) {
      deadline.received();
      expect(advance(100)).toBe(0);
    }
    deadline.received();
    expect(advance(100)).toBe(1);
    expect(expired).toEqual(['The upstream took longer than 10000 ms']);
  });

  it.each([
    [500, 500],
    [50_000, 10_000],
  ])('takes the shorter of the two total limits: %i', (own, expected) => {
    create({}, own);
    expect(advance(expected - 1)).toBe(0);
    expect(advance(1)).toBe(1);
  });

  it('does not blame the upstream for a pause', () => {
    const deadline = create();
    deadline.sent();
    deadline.received();
    deadline.paused();
    deadline.received();
    expect(advance(5000)).toBe(0);
    deadline.resumed();
    expect(advance(299)).toBe(0);
    expect(advance(1)).toBe(1);
  });

  it('holds the total limit during a pause too', () => {
    const deadline = create();
    deadline.paused();
    deadline.sent();
    expect(advance(9999)).toBe(0);
    expect(advance(1)).toBe(1);
  });

  it('needs no second timer for limits that a timer cannot hold', () => {
    const deadline = create({ firstByteMs: 2 ** 40, idleMs: 2 ** 40, totalMs: 2 ** 41 });
    deadline.sent();
    expect(advance(2 ** 31)).toBe(0);
    expect(vi.getTimerCount()).toBe(1);
  });

  it('is silent after it was cleared', () => {
    const deadline = create();
    deadline.sent();
    deadline.clear();
    expect(advance(100_000)).toBe(0);
  });
});
