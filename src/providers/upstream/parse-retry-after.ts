import type { UpstreamResponse } from './upstream-call.js';

type Headers = UpstreamResponse['headers'];

const MILLISECONDS: Record<string, number> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** Digits of a Unix time: below are plain seconds, above are milliseconds since the epoch. */
const EPOCH_SECONDS = 1e9;
const EPOCH_MILLISECONDS = 1e12;

/**
 * When a vendor wants to be called again, in milliseconds from `now`; the most exact of what it
 * says wins: `retry-after-ms`, `retry-after`, Google's RetryInfo, a duration in the message, and
 * for 429 the `*-ratelimit-reset-*` headers. Undefined when it says nothing readable.
 */
export function parseRetryAfter(
  status: number,
  headers: Headers,
  body: { retryDelay?: string; message?: string },
  now: number,
): number | undefined {
  return (
    parseMilliseconds(first(headers['retry-after-ms'])) ??
    parseMoment(first(headers['retry-after']), now) ??
    parseDuration(body.retryDelay) ??
    parseDuration(
      body.message?.match(/(?:try again|retry) (?:in|after) ([\d.]+ ?[a-z\d.]*)/i)?.[1],
    ) ??
    (status === 429 ? parseResetHeaders(headers, now) : undefined)
  );
}

/** `12ms`, `1.5s`, `6m0s`, `34 seconds`; undefined when it is something else. */
export function parseDuration(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const compact = text
    .trim()
    .toLowerCase()
    .replace(/\.$/, '')
    .replace(/\s?(?:seconds?|secs?)$/, 's')
    .replace(/\s?(?:minutes?|mins?)$/, 'm');
  if (!/^(?:\d+(?:\.\d+)?(?:ms|[smhd]))+$/.test(compact)) return undefined;
  let total = 0;
  for (const [, amount, unit] of compact.matchAll(/(\d+(?:\.\d+)?)(ms|[smhd])/g)) {
    total += Number(amount) * (MILLISECONDS[unit ?? ''] ?? 0);
  }
  return Math.ceil(total);
}

function parseMilliseconds(text: string | undefined): number | undefined {
  if (text === undefined || !/^\d+(\.\d+)?$/.test(text.trim())) return undefined;
  return Math.ceil(Number(text));
}

/**
 * Seconds, a Unix time, a duration, an HTTP date or an RFC 3339 date, as milliseconds from `now`;
 * undefined when it is something else.
 */
export function parseMoment(text: string | undefined, now: number): number | undefined {
  if (text === undefined) return undefined;
  if (/^\s*\d+(\.\d+)?\s*$/.test(text)) {
    const value = Number(text);
    if (value >= EPOCH_MILLISECONDS) return Math.max(0, Math.ceil(value - now));
    if (value >= EPOCH_SECONDS) return Math.max(0, Math.ceil(value * 1000 - now));
    return Math.ceil(value * 1000);
  }
  const duration = parseDuration(text);
  if (duration !== undefined) return duration;
  // Date.parse takes almost anything, "-1" included; a date has a year or a month's name.
  const date = /\d{4}|[a-z]{3}/i.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

/**
 * A vendor resets requests, tokens and more separately. The exhausted ones all have to come back;
 * when none says that it is exhausted, the first to come back may have been the one.
 */
function parseResetHeaders(headers: Headers, now: number): number | undefined {
  const exhausted: number[] = [];
  const others: number[] = [];
  for (const [name, value] of Object.entries(headers)) {
    if (!name.includes('ratelimit') || !name.includes('reset')) continue;
    const wait = parseMoment(first(value), now);
    if (wait === undefined) continue;
    const remaining = first(headers[name.replace('reset', 'remaining')]);
    (remaining !== undefined && Number(remaining) <= 0 ? exhausted : others).push(wait);
  }
  if (exhausted.length > 0) return Math.max(...exhausted);
  return others.length > 0 ? Math.min(...others) : undefined;
}

function first(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value;
}
