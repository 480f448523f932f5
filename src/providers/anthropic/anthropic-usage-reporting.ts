import type { Target } from '../contract/target.js';
import {
  NOTHING_REPORTED,
  type ReportedUsage,
  type ReportRange,
  type UsageReporting,
} from '../contract/usage-report.js';
import { reportPages, unreadableReport } from '../upstream/report-pages.js';
import type { Upstream } from '../upstream/upstream.js';
import { isObject, objectsIn, type JsonObject } from './anthropic-api.js';
import { anthropicHeaders } from './anthropic-headers.js';

/**
 * The organisation's usage and cost reports, https://platform.claude.com/docs/en/api/admin. They
 * count no requests; cost names the model but no key.
 */
export class AnthropicUsageReporting implements UsageReporting {
  constructor(private readonly upstream: Upstream) {}

  async fetch(target: Target, { from, to }: ReportRange): Promise<readonly unknown[]> {
    const range = `starting_at=${timeOf(from)}&ending_at=${timeOf(to)}&bucket_width=1d&limit=31`;
    const paths = [
      `/v1/organizations/usage_report/messages?${range}&group_by[]=model&group_by[]=api_key_id`,
      `/v1/organizations/cost_report?${range}&group_by[]=description`,
    ];
    const headers = anthropicHeaders(target);
    const pages: unknown[] = [];
    for (const path of paths) {
      pages.push(...(await reportPages(this.upstream, { target, method: 'GET', path, headers })));
    }
    return pages;
  }

  read(page: unknown): readonly ReportedUsage[] {
    if (!isObject(page) || !Array.isArray(page['data'])) throw unreadableReport();
    return objectsIn(page['data']).flatMap((bucket) => {
      const { starting_at: start } = bucket;
      if (typeof start !== 'string' || Number.isNaN(Date.parse(start))) throw unreadableReport();
      const day = new Date(start).toISOString().slice(0, 10);
      return objectsIn(bucket['results']).map((result) => readResult(day, result));
    });
  }
}

function readResult(day: string, result: JsonObject): ReportedUsage {
  const { amount, api_key_id: apiKeyId } = result;
  const model = typeof result['model'] === 'string' ? result['model'] : null;
  // In cents.
  if (typeof amount === 'string') {
    return { ...NOTHING_REPORTED, day, model, costUsd: `${amount}e-2` };
  }
  const written = isObject(result['cache_creation']) ? result['cache_creation'] : {};
  return {
    day,
    model,
    apiKeyId: typeof apiKeyId === 'string' ? apiKeyId : null,
    requests: null,
    inputTokens:
      count(result['uncached_input_tokens']) +
      count(result['cache_read_input_tokens']) +
      count(written['ephemeral_5m_input_tokens']) +
      count(written['ephemeral_1h_input_tokens']),
    outputTokens: count(result['output_tokens']),
    costUsd: null,
  };
}

function timeOf(time: number): string {
  return encodeURIComponent(new Date(time).toISOString().replace('.000Z', 'Z'));
}

function count(value: unknown): number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : 0;
}
