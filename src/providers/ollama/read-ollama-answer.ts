import { parseExactJson } from '../../common/json/parse-exact-json.js';
import type { ChunkEnvelope } from '../chat/chat-chunk-writer.js';
import { ProviderError } from '../contract/provider-error.js';
import type { Target } from '../contract/target.js';
import { parseInBandError } from '../upstream/parse-upstream-error.js';
import { isObject, objectsIn, type OllamaAnswer, textOf } from './ollama-api.js';

/** A whole answer or a line of one. Throws a `ProviderError` for an error and for what is neither. */
export function readOllamaAnswer(json: string, target: Target): OllamaAnswer {
  const answer = parse(json);
  if (!isObject(answer)) throw unreadable();
  const error = parseInBandError(answer, target.instance);
  if (error) throw error;
  if (!isObject(answer['message']) && answer['done'] !== true) throw unreadable();
  return answer;
}

export function envelopeOf(answer: OllamaAnswer, target: Target): ChunkEnvelope {
  const created = Date.parse(textOf(answer.created_at));
  return {
    id: `chatcmpl-${target.requestId}`,
    created: Math.floor((created > 0 ? created : Date.now()) / 1000),
    model: textOf(answer.model) || target.model,
  };
}

/** As OpenAI tells them; undefined when there are none. */
export function logprobsOf(answer: OllamaAnswer): unknown {
  const tokens = objectsIn(answer.logprobs);
  if (tokens.length === 0) return undefined;
  const content = tokens.map((token) => ({
    ...withBytes(token),
    top_logprobs: objectsIn(token['top_logprobs']).map(withBytes),
  }));
  return { content, refusal: null };
}

function withBytes({ token, logprob, bytes }: Record<string, unknown>) {
  return { token, logprob, bytes: bytes ?? [...Buffer.from(textOf(token))] };
}

function parse(json: string): unknown {
  try {
    // Only arguments of tools are handed on as they are.
    return json.includes('"tool_calls"') ? parseExactJson(json) : JSON.parse(json);
  } catch (cause) {
    throw unreadable(cause);
  }
}

function unreadable(cause?: unknown): ProviderError {
  return new ProviderError('invalid_response', 'The upstream sent an answer that cannot be read', {
    cause,
  });
}
