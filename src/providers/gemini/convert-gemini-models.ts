import { ProviderError } from '../contract/provider-error.js';
import type { ProviderModel } from '../contract/provider.js';
import type { Target } from '../contract/target.js';
import { objectsIn, type JsonObject } from '../openai-compatible/openai-api.js';
import { findGeminiFamily } from './gemini-models.js';
import { parseGeminiAnswer, textOf } from './read-gemini-answer.js';

export interface ModelsPage {
  readonly models: readonly ProviderModel[];
  readonly nextPageToken: string | undefined;
}

/** One page of the list, without the models that neither chat nor embed. */
export function convertGeminiModels(text: string, target: Target): ModelsPage {
  const page = parseGeminiAnswer(text, target) as JsonObject;
  if (!Array.isArray(page['models'])) {
    throw new ProviderError('invalid_response', 'The upstream answered without a list of models');
  }
  return {
    models: objectsIn(page['models']).flatMap(convertModel),
    nextPageToken: textOf(page['nextPageToken']),
  };
}

function convertModel(model: JsonObject): ProviderModel[] {
  const id = textOf(model['name'])?.replace(/^models\//, '');
  const methods: readonly unknown[] = Array.isArray(model['supportedGenerationMethods'])
    ? model['supportedGenerationMethods']
    : [];
  const chats = methods.includes('generateContent');
  const embeds = methods.includes('embedContent') || methods.includes('batchEmbedContents');
  if (id === undefined || (!chats && !embeds)) return [];
  const { displayName, inputTokenLimit, outputTokenLimit, thinking } = model;
  return [
    {
      id,
      ownedBy: 'google',
      ...(typeof displayName === 'string' && { displayName }),
      ...(typeof inputTokenLimit === 'number' && { contextTokens: inputTokenLimit }),
      ...(chats && typeof outputTokenLimit === 'number' && { maxOutputTokens: outputTokenLimit }),
      ...(chats ? abilitiesOf(id, thinking) : { inputs: ['text'], outputs: ['embedding'] }),
    },
  ];
}

function abilitiesOf(id: string, thinking: unknown): Partial<ProviderModel> {
  const family = findGeminiFamily(id);
  const { inputs, outputs, tools } = family;
  const reasoning = typeof thinking === 'boolean' ? thinking : family.thinking.by !== 'none';
  return { inputs, outputs, tools, reasoning, structuredOutput: outputs.length === 1 };
}
