import type { RelayedEndpoint } from '../../contract/relay.js';
import { NO_USAGE, type TokenUsage } from '../../contract/token-usage.js';
import { convertOpenAiUsage, costOf } from '../convert-openai-usage.js';
import type { UsageUnits } from '../../contract/usage-units.js';
import { isObject, type JsonObject } from '../openai-api.js';
import { unitsInUsage } from './relay-units.js';

/**
 * What images, audio and rerank say of their use: in tokens where the vendor counts them, and in
 * units such as the seconds of a recording. Undefined where neither is told nor seen.
 * @param seen units that the answer shows; what the vendor says of them comes first
 */
export function convertRelayUsage(
  raw: unknown,
  endpoint: RelayedEndpoint,
  seen: UsageUnits = {},
): TokenUsage | undefined {
  const told = isObject(raw) ? convertTold(raw, endpoint) : undefined;
  const units = { ...seen, ...(isObject(raw) && unitsInUsage(raw)) };
  if (Object.keys(units).length === 0) return told;
  return { ...(told ?? { ...NO_USAGE, uncounted: true }), units };
}

function convertTold(raw: JsonObject, endpoint: RelayedEndpoint): TokenUsage {
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
  return {
    ...NO_USAGE,
    ...costOf(raw),
    inputUncached: left,
    cacheRead,
    inputAudio,
    inputImage,
    ...outputOf(raw, endpoint),
    raw,
  };
}

/** What comes out of each endpoint is of one kind, unless the vendor tells its kinds apart. */
function outputOf(raw: JsonObject, endpoint: RelayedEndpoint): Partial<TokenUsage> {
  const output = count(raw['output_tokens']);
  if (endpoint === 'audio/speech') return { outputAudio: output };
  if (!endpoint.startsWith('images/')) return { outputText: output };
  const details = raw['output_tokens_details'];
  const outputText = isObject(details) ? Math.min(count(details['text_tokens']), output) : 0;
  return { outputText, outputImage: output - outputText };
}

function count(value: unknown): number {
  return typeof value === 'number' && Number.isFinite(value) && value > 0 ? Math.round(value) : 0;
}
