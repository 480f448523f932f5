import { describe, expect, it } from 'vitest';
import type { Limit, LimitKind } from './limit.js';
import type { Standing } from './limit-store.js';
import { Refusal } from './refusal.js';

function standing(
  kind: LimitKind,
  most: number,
  waitMs: number,
  rest: Partial<Standing & Limit> = {},
): Standing {
  const { scope = 'key', scopeId = 'secret-id', endpoint, remaining = 0, isShort = true } = rest;
  const limit = { id: kind, kind, most, scope, scopeId, endpoint };
  const { isUnusual } = rest;
  return {
    limit: isUnusual === undefined ? limit : { ...limit, isUnusual },
    waitMs,
    remaining,
    isShort,
  };
}

describe(Refusal.name, () => {
  it.each([
    [
      standing('requests', 3, 1_001),
      1_001,
      /^Rate limit reached: 3 requests per minute for this API key\. Try again in 2 s\.$/,
    ],
    [
      standing('requests', 30, 1_001, { scope: 'client', isUnusual: true }),
      1_001,
      /^Unusual use: this client is held to 30 requests per minute because .* usually does\. Try again in 2 s\.$/,
    ],
    [
      standing('slots', 5, 1_000, { scope: 'client' }),
      1_000,
      /^Rate limit reached: 5 concurrent requests for this client\.$/,
    ],
    [
      standing('tokens', 9, 59_999, { scope: 'global' }),
      59_999,
      /9 tokens per minute for all clients together\. Try again in 60 s/,
    ],
    [
      standing('requests', 0, Infinity, { endpoint: 'chat' }),
      60_000,
      /0 requests per minute are allowed for this API key at 'chat'/,
    ],
    [
      standing('tokens', 9, Infinity),
      60_000,
      /may use 77 tokens, more than the limit of 9 tokens per minute/,
    ],
  ])('names the limit and when to come back: %#', (short, retryAfterMs, message) => {
    const error = new Refusal([short], 77).toError();
    expect(error).toMatchObject({ code: 'rate_limit_exceeded', status: 429, retryAfterMs });
    expect(error.message).toMatch(message);
    expect(error.message).not.toContain('secret-id');
  });

  it('tells the longest wait of those that are short, and what is left of the tightest', () => {
    const refusal = new Refusal(
      [
        standing('requests', 10, 60_000, { isShort: false, remaining: 4 }),
        standing('requests', 20, 7_100),
        standing('requests', 30, 9_100),
        standing('tokens', 40, 60_000, { isShort: false, remaining: 3 }),
        standing('tokens', 50, 30_000, { isShort: false, remaining: 2 }),
      ],
      1,
    );
    expect(refusal.waitMs).toBe(9_100);
    expect(refusal.toError().headers).toEqual({
      'x-ratelimit-limit-requests': '30',
      'x-ratelimit-remaining-requests': '0',
      'x-ratelimit-reset-requests': '10s',
      'x-ratelimit-limit-tokens': '50',
      'x-ratelimit-remaining-tokens': '2',
      'x-ratelimit-reset-tokens': '30s',
    });
  });
});
