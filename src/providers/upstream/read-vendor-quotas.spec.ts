import { describe, expect, it } from 'vitest';
import { readVendorQuotas } from './read-vendor-quotas.js';

const NOW = Date.parse('2026-01-01T00:00:00Z');

describe(readVendorQuotas, () => {
  it.each([
    [
      {
        'x-ratelimit-limit-requests': '5000',
        'x-ratelimit-remaining-requests': '4999',
        'x-ratelimit-reset-requests': '12ms',
        'x-ratelimit-limit-tokens': '160000',
        'x-ratelimit-remaining-tokens': '0',
        'x-ratelimit-reset-tokens': '6m0s',
      },
      [
        { kind: 'requests', limit: 5000, remaining: 4999, resetMs: 12 },
        { kind: 'tokens', limit: 160_000, remaining: 0, resetMs: 360_000 },
      ],
    ],
    [
      {
        'anthropic-ratelimit-requests-limit': '50',
        'anthropic-ratelimit-requests-remaining': '49',
        'anthropic-ratelimit-requests-reset': '2026-01-01T00:00:02Z',
      },
      [{ kind: 'requests', limit: 50, remaining: 49, resetMs: 2_000 }],
    ],
    [
      { 'x-ratelimit-remaining-requests': ['3', '4'], 'x-ratelimit-reset-requests': '7' },
      [{ kind: 'requests', limit: undefined, remaining: 3, resetMs: 7_000 }],
    ],
    [{ 'x-ratelimit-remaining-requests': '3' }, []],
    [{ 'x-ratelimit-remaining-requests': '-1', 'x-ratelimit-reset-requests': '7' }, []],
    [{ 'x-ratelimit-remaining-tokens': '5', 'x-ratelimit-reset-tokens': 'soon' }, []],
    [{ 'content-type': 'application/json' }, []],
  ])('reads %j', (headers, quotas) => {
    expect(readVendorQuotas(headers, NOW)).toEqual(quotas);
  });
});
