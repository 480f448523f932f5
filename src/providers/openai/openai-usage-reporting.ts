import type { Target } from '../contract/target.js';
import {
  NOTHING_REPORTED,
  type ReportedUsage,
  type ReportRange,
  type UsageReporting,
} from '../contract/usage-report.js';
import { isObject, objectsIn, type JsonObject } from '../openai-compatible/openai-api.js';
import { reportPages, unreadableReport } from '../upstream/report-pages.js';
import type { Upstream } from '../upstream/upstream.js';

/** Those that count tokens. */
const USAGE = ['completions', 'embeddings'];

/**
 * The organisation's usage and costs, https://platform.openai.com/docs/api-reference/usage. Usage
 * is told by model and key; costs by what is on the invoice, which names the model but no key.
 */
export class OpenAiUsageReporting implements UsageReporting {
  constructor(private readonly upstream: Upstream) {}

  async fetch(target: Target, { from, to }: ReportRange): Promise<readonly unknown[]> {
    const range = `start_time=${from / 1000}&end_time=${to / 1000}&bucket_width=1d`;
    const paths = [
      ...USAGE.map(
        (kind) =>
          `/organization/usage/${kind}?${range}&group_by=model&group_by=api_key_id&limit=31`,
      ),
      `/organization/costs?${range}&group_by=line_item&limit=180`,
    ];
    const pages: unknown[] = [];
    for (const path of paths) {
      pages.push(...(await reportPages(this.upstream, { target, method: 'GET', path })));
    }
    return pages;
  }

  read(page: unknown): readonly ReportedUsage[] {
    if (!isObject(page) || !Array.isArray(page['data'])) throw unreadableReport();
    return objectsIn(page['data']).flatMap((bucket) => {
      const { start_time: start } = bucket;
      if (typeof start !== 'number') throw unreadableReport();
      const day = new Date(start * 1000).toISOString().slice(0, 10);
      return objectsIn(bucket['results']).map((result) => readResult(day, result));
    });
  }
}

function readResult(day: string, result: JsonObject): ReportedUsage {
  const { model, api_key_id: apiKeyId, amount, line_item: item } = result;
  if (isObject(amount)) {
    const { value } = amount;
    if (typeof value !== 'number' && typeof value !== 'string') throw unreadableReport();
    return { ...NOTHING_REPORTED, day, model: modelOf(item), costUsd: String(value) };
  }
  return {
    day,
    model: typeof model === 'string' ? model : null,
    apiKeyId: typeof apiKeyId === 'string' ? apiKeyId : null,
    requests: count(result['num_model_requests']),
    // Audio is counted apart from text here, and is part of all input and output in the ledger.
    inputTokens: count(result['input_tokens']) + count(result['input_audio_tokens']),
    outputTokens: count(result['output_tokens']) + count(result['output_audio_tokens']),
    costUsd: null,
  };
}

/** `gpt-4o-mini-2024-07-18, input` names a model before the comma; other items are of no model. */
function modelOf(item: unknown): string | null {
  if (typeof item !== 'string') return null;
  const comma = item.lastIndexOf(', ');
  return comma > 0 ? item.slice(0, comma) : null;
}

function count(value: unknown): number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : 0;
}
