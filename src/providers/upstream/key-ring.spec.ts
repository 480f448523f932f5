import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createInstance } from '../../../test/support/provider-fixtures.js';
import { ProviderError } from '../contract/provider-error.js';
import { KeyRing } from './key-ring.js';

const ring = (count: number): KeyRing =>
  new KeyRing(
    createInstance('http://upstream', {
      apiKeys: Array.from({ length: count }, (_, index) => `key-number-${index}`),
    }),
  );

const refused = (status: number, retryAfterMs?: number): ProviderError => {
  const options = retryAfterMs === undefined ? { status } : { status, retryAfterMs };
  return new ProviderError(status === 429 ? 'rate_limited' : 'auth', 'no', options);
};

describe(KeyRing.name, () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('moves on by one when calls with the same key are refused together', () => {
    const keys = ring(3);
    for (let index = 0; index < 9; index += 1) keys.failed(0, 'model', refused(401));
    expect(keys.take('model')).toBe(1);
  });

  it.each([
    [401, ['other'], 60_000],
    [402, ['other'], 60_000],
    [403, [], 60_000],
    [429, [], 1_000],
  ])('lets a key rest after a %i', (status, alsoRests, restMs) => {
    const keys = ring(2);
    keys.failed(0, 'model', refused(status));
    keys.failed(1, 'model', refused(status));
    expect(keys.hasUsable('model')).toBe(false);
    expect(keys.hasUsable('other')).toBe(!alsoRests.includes('other'));
    expect(() => keys.take('model')).toThrow(
      expect.objectContaining({ retryAfterMs: restMs, unsent: true }),
    );
    vi.advanceTimersByTime(restMs - 1);
    expect(keys.hasUsable('model')).toBe(false);
    vi.advanceTimersByTime(1);
    expect(keys.take('model')).toBe(0);
  });

  it('lets it rest for as long as the vendor asks, and says the soonest', () => {
    const keys = ring(2);
    keys.failed(0, 'model', refused(429, 9_000));
    keys.failed(1, 'model', refused(429, 4_000));
    expect(() => keys.take('model')).toThrow(
      expect.objectContaining({ kind: 'rate_limited', retryAfterMs: 4_000 }),
    );
    vi.advanceTimersByTime(4_000);
    expect(keys.take('model')).toBe(1);
  });

  it('lets a key without credit rest as one that was refused', () => {
    const keys = ring(2);
    const options = { status: 429, outOfCredit: true };
    keys.failed(0, 'model', new ProviderError('rate_limited', 'no', options));
    vi.advanceTimersByTime(59_999);
    keys.failed(1, 'other', refused(401));
    expect(keys.hasUsable('other')).toBe(false);
    vi.advanceTimersByTime(1);
    expect(keys.take('other')).toBe(0);
  });

  it('never lets a single key rest', () => {
    const keys = ring(1);
    for (const status of [401, 402, 403, 429]) keys.failed(0, 'model', refused(status));
    expect(keys.take('model')).toBe(0);
  });

  it('keeps the key after other failures', () => {
    const keys = ring(2);
    keys.failed(0, 'model', new ProviderError('failed', 'no', { status: 500 }));
    expect(keys.take('model')).toBe(0);
  });

  it('keeps as much as it may, whatever clients call models', () => {
    const keys = ring(2);
    for (let index = 0; index < 5_000; index += 1) {
      keys.failed(1, `model ${index}`, refused(429, 9_000));
      keys.failed(0, `model ${index}`, refused(429, 9_000));
    }
    expect(keys.hasUsable('model 0')).toBe(true);
    expect(keys.hasUsable('model 4999')).toBe(false);
  });
});
