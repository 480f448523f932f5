import { JsonDocument } from '../../../common/json/json-document.js';
import type { NativeResponse } from '../../contract/native.js';
import { ProviderError } from '../../contract/provider-error.js';
import type { ProviderInstance } from '../../contract/provider-instance.js';
import { findUpstreamRequestId, parseInBandError } from '../../upstream/parse-upstream-error.js';
import type { UpstreamResponse } from '../../upstream/upstream-call.js';
import { isObject, objectsIn } from '../openai-api.js';
import { convertResponsesUsage } from './convert-responses-usage.js';
import type { ResponsesRepair } from './repair-response.js';

/** Members of an output item, and of its parts, that hold what the model said. */
const SAID = ['text', 'refusal', 'arguments', 'input'];

/** Reads a whole response, whose text stays the vendor's own, repairs apart. Throws a `ProviderError`. */
export function readResponse(
  answer: UpstreamResponse,
  instance: ProviderInstance,
  repair?: ResponsesRepair,
): NativeResponse {
  const read = readDocument(answer, instance);
  const { value } = read.body;
  if (!Array.isArray(value['output'])) {
    throw new ProviderError('invalid_response', 'The upstream answered without an output');
  }
  // In the vendor's own words: what is billed may hang on what the repair adds.
  const usage = convertResponsesUsage(value);
  const body = repair === undefined ? read.body : repaired(read.body, repair);
  return { ...read, body, characters: charactersOf(value['output']), ...(usage && { usage }) };
}

/** Reads the answer to a question for the length of a prompt. Throws a `ProviderError`. */
export function readTokenCount(
  answer: UpstreamResponse,
  instance: ProviderInstance,
): NativeResponse {
  const read = readDocument(answer, instance);
  if (typeof read.body.value['input_tokens'] !== 'number') {
    throw new ProviderError('invalid_response', 'The upstream answered without a count');
  }
  return { ...read, characters: 0 };
}

function readDocument(
  { text, headers }: UpstreamResponse,
  instance: ProviderInstance,
): Pick<NativeResponse, 'body' | 'upstreamRequestId'> {
  const json = text.trim();
  const value = parse(json);
  const error = parseInBandError(value, instance, headers);
  if (error) throw error;
  const upstreamRequestId = findUpstreamRequestId(headers);
  return {
    body: JsonDocument.fromBoth(json, value),
    ...(upstreamRequestId !== undefined && { upstreamRequestId }),
  };
}

function repaired(body: NativeResponse['body'], repair: ResponsesRepair): NativeResponse['body'] {
  const text = repair.response(body.text);
  return text === body.text ? body : JsonDocument.fromText(text);
}

function charactersOf(output: unknown): number {
  let characters = 0;
  for (const item of objectsIn(output)) {
    for (const part of [item, ...objectsIn(item['content']), ...objectsIn(item['summary'])]) {
      for (const name of SAID) characters += lengthOf(part[name]);
    }
  }
  return characters;
}

function lengthOf(value: unknown): number {
  return typeof value === 'string' ? value.length : 0;
}

function parse(text: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw unreadable(cause);
  }
  if (!isObject(value)) throw unreadable();
  return value;
}

function unreadable(cause?: unknown): ProviderError {
  return new ProviderError(
    'invalid_response',
    'The upstream answered with something that is not a JSON object',
    { cause },
  );
}
