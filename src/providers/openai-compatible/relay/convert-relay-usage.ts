import type { RelayedEndpoint } from '../../contract/relay.js';
import { NO_USAGE, type TokenUsage } from '../../contract/token-usage.js';
import { convertOpenAiUsage, costOf } from '../convert-openai-usage.js';
import { isObject, type JsonObject } from '../openai-api.js';

/**
 * What images, audio and rerank say of their use, in tokens where the vendor counts them; else the
 * vendor's own words alone, such as the seconds of a recording or the units of a search.
 */
export function convertRelayUsage(raw: unknown, endpoint: RelayedEndpoint): TokenUsage | undefined {
  if (!isObject(raw)) return undefined;
  const billed = raw['billed_units'];
  // Cohere counts tokens too, but charges for the search.
  if (isObject(billed) && billed['search_units'] !== undefined) return uncounted(raw);
  if (isObject(raw['tokens'])) return { ...withInput(raw['tokens'], endpoint), raw };
  if (raw['input_tokens'] !== undefined) return { ...withInput(raw, endpoint), raw };
  return convertOpenAiUsage(raw) ?? uncounted(raw);
}

function uncounted(raw: JsonObject): TokenUsage {
  return { ...NO_USAGE, ...costOf(raw), uncounted: true, raw };
}

/** Images say `input_tokens_details`, audio `input_token_details`. */
function withInput(raw: JsonObject, endpoint: RelayedEndpoint): TokenUsage {
  const details = raw['input_tokens_details'] ?? raw['input_token_details'];
  const parts = isObject(details) ? details : {};
  let left = count(raw['input_tokens']);
  const take = (wanted: unknown): number => {
    const taken = Math.min(count(wanted), left);
    left -= taken;
    return taken;
  };
  const cacheRead = take(parts['cached_tokens']);
  const inputAudio = take(parts['audio_tokens']);
  const inputImage = take(parts['image_tokens']);
  const output = count(raw['output_tokens']);
  const isSpeech = endpoint === 'audio/speech';
  return {
    ...NO_USAGE,
    ...costOf(raw),
    inputUncached: left,
    cacheRead,
    inputAudio,
    inputImage,
    outputText: isSpeech ? 0 : output,
    outputAudio: isSpeech ? output : 0,
    raw,
  };
}

function count(value: unknown): number {
  return typeof value === 'number' && Number.isFinite(value) && value > 0 ? Math.round(value) : 0;
}
