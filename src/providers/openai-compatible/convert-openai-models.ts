import { ProviderError } from '../contract/provider-error.js';
import type { ProviderModel } from '../contract/provider.js';
import type { UpstreamResponse } from '../upstream/upstream-call.js';
import { isObject } from './openai-api.js';

/** Reads `{data: [{id, created, owned_by}]}`, or the bare list that some servers send. */
export function convertOpenAiModels(response: UpstreamResponse): readonly ProviderModel[] {
  const list = modelList(response.text);
  return list.filter(isObject).flatMap((model) => {
    const { id, created, owned_by: ownedBy } = model;
    if (typeof id !== 'string' || id === '') return [];
    return {
      id,
      ...(typeof created === 'number' && { created }),
      ...(typeof ownedBy === 'string' && { ownedBy }),
    };
  });
}

function modelList(text: string): unknown[] {
  let answer: unknown;
  try {
    answer = JSON.parse(text);
  } catch (cause) {
    throw unreadable(cause);
  }
  const list = isObject(answer) ? answer['data'] : answer;
  if (!Array.isArray(list)) throw unreadable();
  return list;
}

function unreadable(cause?: unknown): ProviderError {
  return new ProviderError('invalid_response', 'The upstream answered without a list of models', {
    cause,
  });
}
