import { ProviderError } from '../contract/provider-error.js';
import type { UpstreamCall } from './upstream-call.js';
import type { Upstream } from './upstream.js';

/** A year by the day is thirteen pages of a month. */
const MAX_PAGES = 500;

/**
 * All pages of a report that says `has_more` and `next_page`. The path of `call` has a query
 * already. Rejects with `ProviderError`.
 */
export async function reportPages(upstream: Upstream, call: UpstreamCall): Promise<unknown[]> {
  const pages: unknown[] = [];
  const seen = new Set<string>();
  let path = call.path;
  while (pages.length < MAX_PAGES) {
    const page = await reportPage(upstream, { ...call, path });
    pages.push(page);
    const { has_more: hasMore, next_page: next } = Object(page) as Record<string, unknown>;
    if (hasMore !== true || typeof next !== 'string' || seen.has(next)) return pages;
    seen.add(next);
    path = `${call.path}&page=${encodeURIComponent(next)}`;
  }
  throw unreadableReport();
}

/** One answer as JSON. Rejects with `ProviderError`. */
export async function reportPage(upstream: Upstream, call: UpstreamCall): Promise<unknown> {
  const { text } = await upstream.json(call);
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw unreadableReport(cause);
  }
}

export function unreadableReport(cause?: unknown): ProviderError {
  return new ProviderError('invalid_response', 'The upstream answered without a report of usage', {
    cause,
  });
}
