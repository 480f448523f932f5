import type { Modality, ProviderModel } from '../contract/provider.js';
import { ProviderError } from '../contract/provider-error.js';
import { isObject, objectsIn, type JsonObject } from '../openai-compatible/openai-api.js';
import type { UpstreamResponse } from '../upstream/upstream-call.js';

const MODALITIES: ReadonlySet<unknown> = new Set<Modality>([
  'text',
  'image',
  'audio',
  'video',
  'file',
  'embedding',
]);

/** The list of models, which says what each can do. */
export function convertOpenRouterModels(response: UpstreamResponse): readonly ProviderModel[] {
  return objectsIn(parseList(response.text)).flatMap((model) => {
    const { id } = model;
    return typeof id === 'string' && id !== '' ? [convertModel(id, model)] : [];
  });
}

function convertModel(id: string, model: JsonObject): ProviderModel {
  const provider = isObject(model['top_provider']) ? model['top_provider'] : {};
  const architecture = isObject(model['architecture']) ? model['architecture'] : {};
  const [ownedBy] = id.split('/');
  return {
    id,
    ...(typeof model['created'] === 'number' && { created: model['created'] }),
    ...(id.includes('/') && ownedBy !== undefined && { ownedBy }),
    ...(typeof model['name'] === 'string' && { displayName: model['name'] }),
    ...tokens('contextTokens', model['context_length'] ?? provider['context_length']),
    ...tokens('maxOutputTokens', provider['max_completion_tokens']),
    ...modalities('inputs', architecture['input_modalities']),
    ...modalities('outputs', architecture['output_modalities']),
    ...abilities(model['supported_parameters']),
  };
}

function abilities(parameters: unknown): Partial<ProviderModel> {
  if (!Array.isArray(parameters)) return {};
  return {
    tools: parameters.includes('tools'),
    reasoning: parameters.includes('reasoning'),
    structuredOutput: parameters.includes('structured_outputs'),
  };
}

function tokens(name: 'contextTokens' | 'maxOutputTokens', value: unknown) {
  return typeof value === 'number' && value > 0 ? { [name]: value } : {};
}

function modalities(name: 'inputs' | 'outputs', value: unknown) {
  return Array.isArray(value)
    ? { [name]: value.filter((each): each is Modality => MODALITIES.has(each)) }
    : {};
}

function parseList(text: string): unknown {
  let answer: unknown;
  try {
    answer = JSON.parse(text);
  } catch (cause) {
    throw unreadable(cause);
  }
  const list = isObject(answer) ? answer['data'] : undefined;
  if (!Array.isArray(list)) throw unreadable();
  return list;
}

function unreadable(cause?: unknown): ProviderError {
  return new ProviderError('invalid_response', 'The upstream answered without a list of models', {
    cause,
  });
}
