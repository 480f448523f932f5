import type { ChatRequest } from '../chat/chat.js';
import { noteDroppedMembers, type VendorMembers } from '../chat/note-dropped-members.js';
import type { Target } from '../contract/target.js';
import type { TranslationReport } from '../contract/translation.js';
import type { PendingMedia } from './convert-content.js';
import { convertGenerationConfig } from './convert-generation-config.js';
import { convertMessages } from './convert-messages.js';
import { convertToolChoice } from './convert-tool-choice.js';
import { convertTools } from './convert-tools.js';
import type { GeminiRequest } from './gemini-api.js';
import { findGeminiFamily } from './gemini-models.js';

export interface ConvertedRequest {
  readonly request: GeminiRequest;
  /** Files to be put into the request before it goes out. */
  readonly pending: readonly PendingMedia[];
}

const MEMBERS: VendorMembers = {
  lacking: [
    'logit_bias',
    'user',
    'safety_identifier',
    'metadata',
    'store',
    'verbosity',
    'prediction',
    'moderation',
    'prompt_cache_key',
    'prompt_cache_retention',
    'prompt_cache_options',
  ],
};

/** How the request is written. Throws a `ProviderError` for one that cannot be. */
export function convertToGeminiRequest({ body }: ChatRequest, target: Target): ConvertedRequest {
  const chat = body.value;
  const { translation } = target;
  const family = findGeminiFamily(target.model);
  noteDroppedMembers(chat, MEMBERS, translation);

  const converted = convertTools(chat, family, translation);
  const { tools, config } = convertToolChoice(chat, converted, family, translation);
  const generationConfig = convertGenerationConfig(chat, family, translation);
  const serviceTier = convertServiceTier(chat['service_tier'], translation);
  const { pending, ...conversation } = convertMessages(chat.messages, family, target);
  return {
    pending,
    request: {
      ...conversation,
      ...(tools.length > 0 && { tools }),
      ...(config && { toolConfig: { functionCallingConfig: config } }),
      ...(Object.keys(generationConfig).length > 0 && { generationConfig }),
      ...(serviceTier && { serviceTier }),
    },
  };
}

const SERVICE_TIERS: ReadonlyMap<unknown, NonNullable<GeminiRequest['serviceTier']>> = new Map([
  ['default', 'standard'],
  ['standard', 'standard'],
  ['flex', 'flex'],
  ['priority', 'priority'],
  ['fast', 'priority'],
]);

function convertServiceTier(
  tier: unknown,
  translation: TranslationReport,
): GeminiRequest['serviceTier'] {
  if (tier == null || tier === 'auto') return undefined;
  const converted = SERVICE_TIERS.get(tier);
  translation.note('service_tier', converted ? 'mapped' : 'dropped');
  return converted;
}
