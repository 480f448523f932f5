import type { Target } from '../contract/target.js';
import {
  NOTHING_REPORTED,
  type ReportedUsage,
  type ReportRange,
  type UsageReporting,
} from '../contract/usage-report.js';
import { isObject, objectsIn, type JsonObject } from '../openai-compatible/openai-api.js';
import { reportPage, unreadableReport } from '../upstream/report-pages.js';
import type { Upstream } from '../upstream/upstream.js';

/**
 * The account's activity of the last thirty whole days, by day and model; it names no key. Needs a
 * management key, https://openrouter.ai/docs/api/api-reference/analytics/get-user-activity.
 */
export class OpenRouterUsageReporting implements UsageReporting {
  constructor(private readonly upstream: Upstream) {}

  /** The whole of it: what is outside of the range is left out by whoever compares. */
  async fetch(target: Target, _range: ReportRange): Promise<readonly unknown[]> {
    return [await reportPage(this.upstream, { target, method: 'GET', path: '/activity' })];
  }

  read(page: unknown): readonly ReportedUsage[] {
    if (!isObject(page) || !Array.isArray(page['data'])) throw unreadableReport();
    return objectsIn(page['data']).flatMap(readItem);
  }
}

function readItem(item: JsonObject): ReportedUsage[] {
  const { date, model, usage, byok_usage_inference: own } = item;
  if (typeof date !== 'string') throw unreadableReport();
  const line = { ...NOTHING_REPORTED, day: date.slice(0, 10) };
  const id = typeof model === 'string' ? model : null;
  const lines: ReportedUsage[] = [
    {
      ...line,
      model: id,
      requests: count(item['requests']),
      inputTokens: count(item['prompt_tokens']),
      outputTokens: count(item['completion_tokens']),
      costUsd: typeof usage === 'number' ? String(usage) : null,
    },
  ];
  // With the customer's own key the router charges its fee and the vendor the rest.
  if (typeof own === 'number' && own > 0) lines.push({ ...line, model: id, costUsd: String(own) });
  return lines;
}

function count(value: unknown): number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : 0;
}
