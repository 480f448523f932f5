import type { VendorQuota } from '../contract/rate-signal.js';
import { parseMoment } from './parse-retry-after.js';
import type { UpstreamResponse } from './upstream-call.js';

type Headers = UpstreamResponse['headers'];

interface QuotaHeaders {
  readonly kind: VendorQuota['kind'];
  readonly remaining: string;
  readonly limit: string;
  readonly reset: string;
}

/** OpenAI's names, which most vendors took over, and Anthropic's. */
const NAMES: readonly QuotaHeaders[] = (['requests', 'tokens'] as const).flatMap((kind) => [
  {
    kind,
    remaining: `x-ratelimit-remaining-${kind}`,
    limit: `x-ratelimit-limit-${kind}`,
    reset: `x-ratelimit-reset-${kind}`,
  },
  {
    kind,
    remaining: `anthropic-ratelimit-${kind}-remaining`,
    limit: `anthropic-ratelimit-${kind}-limit`,
    reset: `anthropic-ratelimit-${kind}-reset`,
  },
]);

const NO_QUOTAS: readonly VendorQuota[] = [];

/**
 * What an answer's headers say is left of the vendor's limits. Without the time when it is back a
 * figure is worth nothing, and is left out.
 * @param now Unix milliseconds
 */
export function readVendorQuotas(headers: Headers, now: number): readonly VendorQuota[] {
  let quotas: VendorQuota[] | undefined;
  for (const names of NAMES) {
    const remaining = numberOf(headers[names.remaining]);
    if (remaining === undefined) continue;
    const resetMs = parseMoment(textOf(headers[names.reset]), now);
    if (resetMs === undefined) continue;
    const limit = numberOf(headers[names.limit]);
    (quotas ??= []).push({ kind: names.kind, remaining, limit, resetMs });
  }
  return quotas ?? NO_QUOTAS;
}

function numberOf(header: string | string[] | undefined): number | undefined {
  const text = textOf(header);
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

function textOf(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header[0] : header;
}
