import type { TokenUsage } from '../contract/token-usage.js';
import { isObject, objectsIn, type JsonObject } from './anthropic-api.js';

const CHARACTERS_PER_TOKEN = 4;

/**
 * Sorts Anthropic's counters into our buckets. Uncached input, cache reads and cache writes are
 * already disjoint; thinking is inside the output. Undefined when nothing was counted, so that the
 * caller estimates instead of billing zero; counts of zero are counts: a turn that only goes on with
 * what code of the model's called for has them.
 */
export function convertAnthropicUsage(raw: unknown): TokenUsage | undefined {
  if (!isObject(raw)) return undefined;
  if (typeof raw['input_tokens'] !== 'number' && typeof raw['output_tokens'] !== 'number') {
    return undefined;
  }
  const sums = sumOfIterations(raw) ?? countersOf(raw);

  const split = isObject(raw['cache_creation']) ? raw['cache_creation'] : {};
  const cacheWrite1h = Math.min(count(split['ephemeral_1h_input_tokens']), sums.cacheCreation);
  const details = isObject(raw['output_tokens_details']) ? raw['output_tokens_details'] : {};
  const outputReasoning = Math.min(count(details['thinking_tokens']), sums.output);
  const searches = isObject(raw['server_tool_use']) ? raw['server_tool_use'] : {};
  const serviceTier = raw['service_tier'];
  return {
    inputUncached: sums.input,
    cacheRead: sums.cacheRead,
    // The split may be older than the sum, or absent: what it does not explain lives 5 minutes.
    cacheWrite: sums.cacheCreation - cacheWrite1h,
    cacheWrite1h,
    inputAudio: 0,
    inputImage: 0,
    outputText: sums.output - outputReasoning,
    outputReasoning,
    outputAudio: 0,
    outputImage: 0,
    webSearches: count(searches['web_search_requests']),
    ...(typeof serviceTier === 'string' && { serviceTier }),
    estimated: false,
    raw,
  };
}

/**
 * Of a stream that broke off before it was counted: the input, and as much of the output as was
 * seen. Until its end Anthropic only gives a first guess of the output.
 * @param characters of text, thinking and tool input
 */
export function estimateAnthropicUsage(raw: unknown, characters: number): TokenUsage | undefined {
  const usage = convertAnthropicUsage(raw);
  if (usage === undefined) return undefined;
  const seen = Math.ceil(characters / CHARACTERS_PER_TOKEN) - usage.outputReasoning;
  return { ...usage, outputText: Math.max(usage.outputText, seen), estimated: true };
}

/**
 * The counts of a stream so far. What comes later is cumulative and replaces what came before; a
 * counter that is absent or null keeps its value.
 */
export function mergeAnthropicUsage(earlier: JsonObject, later: unknown): JsonObject {
  if (!isObject(later)) return earlier;
  const known = Object.entries(later).filter(([, value]) => value !== null);
  return { ...earlier, ...Object.fromEntries(known) };
}

interface Counters {
  readonly input: number;
  readonly cacheRead: number;
  readonly cacheCreation: number;
  readonly output: number;
}

function countersOf(raw: JsonObject): Counters {
  return {
    input: count(raw['input_tokens']),
    cacheRead: count(raw['cache_read_input_tokens']),
    cacheCreation: count(raw['cache_creation_input_tokens']),
    output: count(raw['output_tokens']),
  };
}

/**
 * The top level leaves out what compaction cost; the model's own iterations have all of it. An
 * advisor's tokens have another price and stay in `raw`. After a fallback to another model the top
 * level is what counts.
 */
function sumOfIterations(raw: JsonObject): Counters | undefined {
  const iterations = objectsIn(raw['iterations']);
  if (iterations.some(({ type }) => type === 'fallback_message')) return undefined;
  const own = iterations.filter(({ type }) => type === 'message' || type === 'compaction');
  if (own.length === 0) return undefined;
  const all = own.map(countersOf);
  const sum = (counter: keyof Counters) =>
    all.reduce((total, counters) => total + counters[counter], 0);
  return {
    input: sum('input'),
    cacheRead: sum('cacheRead'),
    cacheCreation: sum('cacheCreation'),
    output: sum('output'),
  };
}

function count(value: unknown): number {
  return typeof value === 'number' && Number.isFinite(value) && value > 0 ? Math.floor(value) : 0;
}
