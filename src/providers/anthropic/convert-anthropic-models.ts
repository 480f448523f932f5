import { ProviderError } from '../contract/provider-error.js';
import type { Modality, ProviderModel } from '../contract/provider.js';
import type { UpstreamResponse } from '../upstream/upstream-call.js';
import { isObject, objectsIn, type JsonObject } from './anthropic-api.js';
import { findModelFamily } from './anthropic-models.js';

export interface ModelsPage {
  readonly models: readonly ProviderModel[];
  /** Where the next page begins; undefined after the last one. */
  readonly nextAfter: string | undefined;
}

export function convertAnthropicModels(response: UpstreamResponse): ModelsPage {
  const page = parse(response.text);
  if (!isObject(page) || !Array.isArray(page['data'])) throw unreadable();
  const last = page['last_id'];
  return {
    models: objectsIn(page['data']).flatMap(convertModel),
    nextAfter: page['has_more'] === true && typeof last === 'string' ? last : undefined,
  };
}

/** What Anthropic says of a model counts; what it leaves out is known of the family. */
function convertModel(model: JsonObject): ProviderModel[] {
  const { id, display_name: displayName, created_at: createdAt } = model;
  if (typeof id !== 'string' || id === '') return [];
  const family = findModelFamily(id);
  const created = typeof createdAt === 'string' ? Date.parse(createdAt) / 1000 : Number.NaN;
  const contextTokens = positive(model['max_input_tokens']) ?? family.contextTokens;
  const maxOutputTokens =
    positive(model['max_tokens']) ?? (family.isGuess ? undefined : family.maxOutputTokens);
  return [
    {
      id,
      ownedBy: 'anthropic',
      // The epoch stands for a date that Anthropic does not know.
      ...(created > 0 && { created: Math.floor(created) }),
      ...(typeof displayName === 'string' && { displayName }),
      ...(contextTokens !== undefined && { contextTokens }),
      ...(maxOutputTokens !== undefined && { maxOutputTokens }),
      inputs: inputsOf(model),
      outputs: ['text'],
      tools: true,
      reasoning: supports(model, 'thinking') ?? family.thinking !== 'none',
      structuredOutput: supports(model, 'structured_outputs') ?? family.structuredOutput,
    },
  ];
}

function inputsOf(model: JsonObject): Modality[] {
  const inputs: Modality[] = ['text'];
  if (supports(model, 'image_input') ?? true) inputs.push('image');
  if (supports(model, 'pdf_input') ?? true) inputs.push('file');
  return inputs;
}

function supports(model: JsonObject, name: string): boolean | undefined {
  const capability = isObject(model['capabilities']) ? model['capabilities'][name] : undefined;
  const supported = isObject(capability) ? capability['supported'] : capability;
  return typeof supported === 'boolean' ? supported : undefined;
}

function positive(value: unknown): number | undefined {
  return typeof value === 'number' && value > 0 ? value : undefined;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw unreadable(cause);
  }
}

function unreadable(cause?: unknown): ProviderError {
  return new ProviderError('invalid_response', 'The upstream answered without a list of models', {
    cause,
  });
}
