import type { Modality, ProviderModel } from '../contract/provider.js';
import { ProviderError } from '../contract/provider-error.js';
import type { UpstreamResponse } from '../upstream/upstream-call.js';
import { isObject, objectsIn, textOf } from './ollama-api.js';

/** The models that were pulled. What they can do is known of servers that tell. */
export function convertOllamaModels(response: UpstreamResponse): readonly ProviderModel[] {
  return modelList(response.text).flatMap((model) => {
    const id = textOf(model['model']) || textOf(model['name']);
    if (id === '') return [];
    const modified = Date.parse(textOf(model['modified_at']));
    return {
      id,
      ...(modified > 0 && { created: Math.floor(modified / 1000) }),
      ...(Array.isArray(model['capabilities']) && abilitiesOf(model['capabilities'])),
    };
  });
}

function abilitiesOf(capabilities: readonly unknown[]): Partial<ProviderModel> {
  const can = (name: string) => capabilities.includes(name);
  const inputs: Modality[] = ['text'];
  if (can('vision')) inputs.push('image');
  if (can('audio')) inputs.push('audio');
  const answers = can('completion');
  return {
    inputs,
    outputs: can('embedding') && !answers ? ['embedding'] : ['text'],
    tools: can('tools'),
    reasoning: can('thinking'),
    structuredOutput: answers,
  };
}

function modelList(text: string): Array<Record<string, unknown>> {
  let answer: unknown;
  try {
    answer = JSON.parse(text);
  } catch (cause) {
    throw unreadable(cause);
  }
  if (!isObject(answer) || !Array.isArray(answer['models'])) throw unreadable();
  return objectsIn(answer['models']);
}

function unreadable(cause?: unknown): ProviderError {
  return new ProviderError('invalid_response', 'The upstream answered without a list of models', {
    cause,
  });
}
