import type { ChatCompletionRequest } from '../chat/chat-api.js';
import type { TranslationReport } from '../contract/translation.js';
import { isObject, type AnthropicRequest } from './anthropic-api.js';

const SERVICE_TIERS: ReadonlyMap<
  unknown,
  readonly ['auto' | 'standard_only', 'passed' | 'mapped' | 'approximated']
> = new Map([
  ['auto', ['auto', 'passed']],
  ['default', ['standard_only', 'mapped']],
  ['flex', ['standard_only', 'approximated']],
  // Capacity that was bought beforehand is used when there is any.
  ['priority', ['auto', 'approximated']],
  ['scale', ['auto', 'approximated']],
  ['fast', ['auto', 'approximated']],
] as const);

/** On whose behalf, and on whose capacity. */
export function convertAccountFields(
  body: ChatCompletionRequest,
  translation: TranslationReport,
): Pick<AnthropicRequest, 'metadata' | 'service_tier'> {
  const userId = convertUser(body, translation);
  const tier = convertServiceTier(body, translation);
  return {
    ...(userId !== undefined && { metadata: { user_id: userId } }),
    ...(tier !== undefined && { service_tier: tier }),
  };
}

function convertUser(
  body: ChatCompletionRequest,
  translation: TranslationReport,
): string | undefined {
  const metadata = isObject(body['metadata']) ? body['metadata'] : {};
  const candidates = [
    ['safety_identifier', body['safety_identifier']],
    ['user', body['user']],
    ['metadata', metadata['user_id']],
  ] as const;
  let userId: string | undefined;
  for (const [field, value] of candidates) {
    if (typeof value !== 'string') continue;
    userId ??= value;
    translation.note(field, value === userId ? 'mapped' : 'dropped');
  }
  const other = Object.keys(metadata).find((key) => key !== 'user_id');
  if (other !== undefined) translation.note('metadata', 'dropped', `metadata.${other}`);
  return userId;
}

function convertServiceTier(
  body: ChatCompletionRequest,
  translation: TranslationReport,
): 'auto' | 'standard_only' | undefined {
  if (body['service_tier'] == null) return undefined;
  const [tier, outcome] = SERVICE_TIERS.get(body['service_tier']) ?? [
    undefined,
    'dropped' as const,
  ];
  translation.note('service_tier', outcome);
  return tier;
}
