import type { TokenUsage } from '../../contract/token-usage.js';
import { convertOpenAiUsage } from '../convert-openai-usage.js';
import { isObject, objectsIn } from '../openai-api.js';

/**
 * The `usage` of a response in disjoint buckets. Its totals contain their details at every vendor,
 * also at those whose chat counts reasoning beside the completion. Undefined when nothing was
 * counted.
 */
export function convertResponsesUsage(response: Record<string, unknown>): TokenUsage | undefined {
  const { usage: raw } = response;
  if (!isObject(raw)) return undefined;
  const { input_tokens: input, output_tokens: output } = raw;
  const usage = convertOpenAiUsage(
    {
      ...raw,
      prompt_tokens: input,
      prompt_tokens_details: raw['input_tokens_details'],
      completion_tokens: output,
      completion_tokens_details: raw['output_tokens_details'],
      total_tokens: Number(input) + Number(output),
    },
    response['service_tier'],
  );
  if (usage === undefined) return undefined;
  const fileSearch = fileSearchesIn(response);
  return {
    ...usage,
    webSearches: usage.webSearches || searchesIn(response),
    ...(fileSearch > 0 && { units: { fileSearch } }),
    raw,
  };
}

/** They are billed by the call; opening a page or looking into it is not one. */
function searchesIn({ output }: Record<string, unknown>): number {
  return objectsIn(output).filter(({ type, action }) => {
    return type === 'web_search_call' && (!isObject(action) || action['type'] === 'search');
  }).length;
}

function fileSearchesIn({ output }: Record<string, unknown>): number {
  return objectsIn(output).filter(({ type }) => type === 'file_search_call').length;
}
