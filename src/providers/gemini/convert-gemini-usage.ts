import type { TokenUsage } from '../contract/token-usage.js';
import { isObject, objectsIn } from '../openai-compatible/openai-api.js';

/**
 * Sorts `usageMetadata` into disjoint buckets. Cached tokens are inside the prompt; thoughts and
 * the prompts of server-side tools are outside of everything else: total = prompt + candidates +
 * tool use + thoughts. Undefined while the vendor has counted nothing.
 */
export function convertGeminiUsage(raw: unknown, webSearches = 0): TokenUsage | undefined {
  if (!isObject(raw)) return undefined;
  const prompt = count(raw['promptTokenCount']);
  const toolUse = count(raw['toolUsePromptTokenCount']);
  const thoughts = count(raw['thoughtsTokenCount']);
  const total = count(raw['totalTokenCount']);
  const candidates =
    count(raw['candidatesTokenCount']) || Math.max(0, total - prompt - toolUse - thoughts);
  if (prompt + toolUse + thoughts + candidates === 0) return undefined;

  const inputOf = (modality: string) =>
    inModality(raw['promptTokensDetails'], modality) +
    inModality(raw['toolUsePromptTokensDetails'], modality) -
    inModality(raw['cacheTokensDetails'], modality);
  const takeInput = taker(prompt + toolUse);
  const cacheRead = takeInput(Math.min(prompt, count(raw['cachedContentTokenCount'])));
  const inputAudio = takeInput(inputOf('AUDIO'));
  const inputImage = takeInput(inputOf('IMAGE'));
  const takeOutput = taker(candidates);
  const outputAudio = takeOutput(inModality(raw['candidatesTokensDetails'], 'AUDIO'));
  const outputImage = takeOutput(inModality(raw['candidatesTokensDetails'], 'IMAGE'));
  return {
    inputUncached: takeInput(Infinity),
    cacheRead,
    cacheWrite: 0,
    cacheWrite1h: 0,
    inputAudio,
    inputImage,
    outputText: takeOutput(Infinity),
    outputReasoning: thoughts,
    outputAudio,
    outputImage,
    webSearches,
    ...(typeof raw['serviceTier'] === 'string' && { serviceTier: raw['serviceTier'] }),
    estimated: false,
    raw,
  };
}

function inModality(details: unknown, modality: string): number {
  let tokens = 0;
  for (const detail of objectsIn(details)) {
    if (detail['modality'] === modality) tokens += count(detail['tokenCount']);
  }
  return tokens;
}

/** Hands out parts of a whole until it is used up, so that the parts can never exceed it. */
function taker(whole: number): (wanted: number) => number {
  let left = whole;
  return (wanted) => {
    const taken = Math.min(Math.max(0, wanted), left);
    left -= taken;
    return taken;
  };
}

function count(value: unknown): number {
  return typeof value === 'number' && Number.isFinite(value) && value > 0 ? Math.round(value) : 0;
}
