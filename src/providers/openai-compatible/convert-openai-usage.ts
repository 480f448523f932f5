import type { TokenUsage } from '../contract/token-usage.js';
import { isObject, type JsonObject } from './openai-api.js';

export interface UsageForm {
  /** Reasoning and citations are never part of the completion, whatever the total says. */
  readonly outputBeside?: boolean;
}

/**
 * Sorts a chat `usage` object into disjoint buckets. Counts that contain each other are told apart
 * by the total: `total = prompt + completion` puts reasoning inside the completion, `total = prompt
 * + completion + reasoning` beside it, and a total that exceeds both is believed. Undefined when
 * the object says nothing, so that the caller estimates instead of billing zero.
 */
export function convertOpenAiUsage(
  raw: unknown,
  serviceTier?: unknown,
  { outputBeside = false }: UsageForm = {},
): TokenUsage | undefined {
  if (!isObject(raw)) return undefined;
  const counts = readCounts(raw);
  if (counts.input === 0 && counts.completion === 0 && counts.total === 0) return undefined;

  const output = totalOutputOf(counts, outputBeside);
  const take = taker(counts.input);
  const cacheRead = take(counts.cached);
  const cacheWrite = take(counts.cacheWrite);
  const inputAudio = take(counts.inputAudio);
  const inputImage = take(counts.inputImage);
  const takeOutput = taker(output.total);
  const outputReasoning = takeOutput(output.reasoning);
  const outputAudio = takeOutput(counts.outputAudio);
  const outputImage = takeOutput(counts.outputImage);
  return {
    inputUncached: take(Infinity),
    cacheRead,
    cacheWrite,
    cacheWrite1h: 0,
    inputAudio,
    inputImage,
    outputText: takeOutput(Infinity),
    outputReasoning,
    outputAudio,
    outputImage,
    webSearches: count(raw['num_search_queries']),
    ...(typeof serviceTier === 'string' && { serviceTier }),
    ...costOf(raw),
    estimated: false,
    raw,
  };
}

interface Counts {
  input: number;
  completion: number;
  /** 0 when the vendor gave none. */
  total: number;
  reasoning: number;
  /** Output that some vendors count beside everything else. */
  citations: number;
  cached: number;
  cacheWrite: number;
  inputAudio: number;
  inputImage: number;
  outputAudio: number;
  outputImage: number;
}

function readCounts(raw: JsonObject): Counts {
  const prompt = members(raw['prompt_tokens_details']);
  const completion = members(raw['completion_tokens_details']);
  const cached = first(
    raw['num_cached_tokens'],
    prompt['cached_tokens'],
    members(raw['prompt_token_details'])['cached_tokens'],
    raw['prompt_cache_hit_tokens'],
    raw['cached_tokens'],
  );
  const total = count(raw['total_tokens']);
  const completionTokens = count(raw['completion_tokens']);
  return {
    input: inputOf(raw, cached, total, completionTokens),
    completion: completionTokens,
    total,
    reasoning: first(completion['reasoning_tokens'], raw['reasoning_tokens']),
    citations: count(raw['citation_tokens']),
    cached,
    cacheWrite: count(prompt['cache_write_tokens']),
    inputAudio: count(prompt['audio_tokens']),
    inputImage: count(prompt['image_tokens']),
    outputAudio: count(completion['audio_tokens']),
    outputImage: count(completion['image_tokens']),
  };
}

function inputOf(raw: JsonObject, cached: number, total: number, completion: number): number {
  const bySum = count(raw['prompt_cache_hit_tokens']) + count(raw['prompt_cache_miss_tokens']);
  const prompt = count(raw['prompt_tokens']) || bySum || Math.max(0, total - completion);
  // More cached than there was prompt: this vendor counts them beside each other.
  return cached > prompt ? prompt + cached : prompt;
}

function totalOutputOf(
  counts: Counts,
  outputBeside: boolean,
): { total: number; reasoning: number } {
  const { completion, reasoning } = counts;
  const inside = { total: completion + counts.citations, reasoning };
  const beside = { total: completion + reasoning + counts.citations, reasoning };
  if (outputBeside) return beside;
  if (counts.total === 0) return reasoning > completion ? beside : inside;

  const rest = counts.total - counts.input;
  if (rest === completion) return { total: completion, reasoning };
  if (rest === beside.total) return beside;
  if (rest <= completion) return inside;
  // What the completion does not account for can only have been thought.
  return { total: rest, reasoning: Math.max(reasoning, rest - completion) };
}

/** Hands out parts of a whole until it is used up, so that the parts can never exceed it. */
function taker(whole: number): (wanted: number) => number {
  let left = whole;
  return (wanted) => {
    const taken = Math.min(wanted, left);
    left -= taken;
    return taken;
  };
}

/** What the vendor says that the call cost, where it says so. */
export function costOf(raw: JsonObject): { providerCostNanoUsd?: number } {
  // https://docs.x.ai: 10^10 ticks are one USD.
  const ticks = count(raw['cost_in_usd_ticks']);
  if (ticks > 0) return { providerCostNanoUsd: Math.round(ticks / 10) };
  const cost = isObject(raw['cost']) ? raw['cost']['total_cost'] : raw['cost'];
  if (!isAmount(cost)) return {};
  const upstream = members(raw['cost_details'])['upstream_inference_cost'];
  // With the customer's own key the router charges its fee and the vendor the rest.
  const own = raw['is_byok'] === true && isAmount(upstream) ? upstream : 0;
  return { providerCostNanoUsd: Math.round((cost + own) * 1e9) };
}

function members(value: unknown): JsonObject {
  return isObject(value) ? value : {};
}

function first(...candidates: unknown[]): number {
  return count(candidates.find((candidate) => count(candidate) > 0));
}

function isAmount(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}

function count(value: unknown): number {
  return isAmount(value) ? Math.round(value) : 0;
}
