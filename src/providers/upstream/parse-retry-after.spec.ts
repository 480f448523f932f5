import { describe, expect, it } from 'vitest';
import { parseDuration, parseRetryAfter } from './parse-retry-after.js';

const NOW = Date.UTC(2026, 5, 1, 12, 0, 0);

describe(parseRetryAfter, () => {
  it.each<[string, Record<string, string>, { retryDelay?: string; message?: string }, number]>([
    ['milliseconds', { 'retry-after-ms': '1250' }, {}, 1250],
    ['fractions of them', { 'retry-after-ms': '12.2' }, {}, 13],
    ['seconds', { 'retry-after': '7' }, {}, 7000],
    ['fractional seconds', { 'retry-after': '0.5' }, {}, 500],
    ['zero', { 'retry-after': '0' }, {}, 0],
    ['an HTTP date', { 'retry-after': 'Mon, 01 Jun 2026 12:00:30 GMT' }, {}, 30_000],
    ['a date that has passed', { 'retry-after': 'Mon, 01 Jun 2026 11:00:00 GMT' }, {}, 0],
    ['RetryInfo', {}, { retryDelay: '34.4s' }, 34_400],
    ['a message', {}, { message: 'Please try again in 1m2.5s. Visit …' }, 62_500],
    ['a message in milliseconds', {}, { message: 'Please try again in 20ms.' }, 20],
    ['a message in words', {}, { message: 'Please retry after 9 seconds.' }, 9000],
    ['a reset duration', { 'x-ratelimit-reset-requests': '6m0s' }, {}, 360_000],
    [
      'the first reset when none is exhausted',
      { 'x-ratelimit-reset-requests': '9s', 'x-ratelimit-reset-tokens': '4s' },
      {},
      4000,
    ],
    [
      'the reset of what is exhausted',
      {
        'x-ratelimit-remaining-requests': '0',
        'x-ratelimit-reset-requests': '9s',
        'x-ratelimit-remaining-tokens': '100',
        'x-ratelimit-reset-tokens': '4s',
      },
      {},
      9000,
    ],
    [
      'an RFC 3339 reset',
      { 'anthropic-ratelimit-tokens-reset': '2026-06-01T12:01:00Z' },
      {},
      60_000,
    ],
    [
      'a reset at a Unix time in milliseconds',
      { 'x-ratelimit-reset': String(NOW + 1500) },
      {},
      1500,
    ],
    [
      'a reset at a Unix time in seconds',
      { 'x-ratelimit-reset': String(NOW / 1000 + 2) },
      {},
      2000,
    ],
    [
      'the most exact of several',
      { 'retry-after': '2', 'retry-after-ms': '1900', 'x-ratelimit-reset-requests': '1h' },
      { retryDelay: '5s', message: 'try again in 6s' },
      1900,
    ],
    [
      'what is readable',
      { 'retry-after': 'soon', 'retry-after-ms': '-5' },
      { retryDelay: '3s' },
      3000,
    ],
  ])('reads %s', (_, headers, body, expected) => {
    expect(parseRetryAfter(429, headers, body, NOW)).toBe(expected);
  });

  it.each([{}, { 'retry-after': '' }, { 'retry-after': '-1' }, { 'retry-after': 'NaN' }])(
    'is undefined for %o',
    (headers) => {
      expect(parseRetryAfter(429, headers, {}, NOW)).toBeUndefined();
    },
  );

  it('reads the resets of a limit only from an error about limits', () => {
    expect(parseRetryAfter(500, { 'x-ratelimit-reset-requests': '6m0s' }, {}, NOW)).toBeUndefined();
  });
});

describe(parseDuration, () => {
  it.each([
    ['1h2m3s', 3_723_000],
    ['2d', 172_800_000],
    ['0s', 0],
    ['1.5s', 1500],
    ['5 minutes', 300_000],
    ['5', undefined],
    ['s', undefined],
    ['1s ago', undefined],
    [undefined, undefined],
  ])('reads %s', (text, expected) => {
    expect(parseDuration(text)).toBe(expected);
  });
});
