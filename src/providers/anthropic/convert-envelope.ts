import type { ChunkEnvelope } from '../chat/chat-chunk-writer.js';
import type { Target } from '../contract/target.js';
import { isObject, type AnthropicMessage } from './anthropic-api.js';

/** Anthropic's words for a tier that OpenAI has too. */
const SERVICE_TIERS: ReadonlyMap<unknown, string> = new Map([
  ['standard', 'default'],
  ['priority', 'priority'],
]);

export function convertEnvelope(
  { id, model, usage }: AnthropicMessage,
  target: Pick<Target, 'model' | 'requestId'>,
): ChunkEnvelope {
  const tier = SERVICE_TIERS.get(isObject(usage) ? usage['service_tier'] : undefined);
  return {
    id: typeof id === 'string' && id !== '' ? id : `chatcmpl-${target.requestId}`,
    created: Math.floor(Date.now() / 1000),
    model: typeof model === 'string' && model !== '' ? model : target.model,
    ...(tier !== undefined && { service_tier: tier }),
  };
}
