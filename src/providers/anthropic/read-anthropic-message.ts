import { parseVerbatimJson } from '../../common/json/parse-exact-json.js';
import type { Target } from '../contract/target.js';
import { ProviderError } from '../contract/provider-error.js';
import { findUpstreamRequestId, parseInBandError } from '../upstream/parse-upstream-error.js';
import type { UpstreamResponse } from '../upstream/upstream-call.js';
import type { ChatResponse } from '../chat/chat.js';
import { isObject } from './anthropic-api.js';
import type { AnswerForm } from './answer-form.js';
import { convertAnthropicAnswer } from './convert-anthropic-answer.js';

/** Reads a whole answer. Throws a `ProviderError` for what is none. */
export function readAnthropicMessage(
  response: UpstreamResponse,
  form: AnswerForm,
  target: Target,
): ChatResponse {
  const message = parse(response.text);
  const error = parseInBandError(message, target.instance, response.headers);
  if (error) throw error;
  if (!isObject(message) || !Array.isArray(message['content'])) {
    throw new ProviderError('invalid_response', 'The upstream answered without content');
  }
  return convertAnthropicAnswer(message, form, {
    ...target,
    upstreamRequestId: findUpstreamRequestId(response.headers),
  });
}

function parse(text: string): unknown {
  try {
    return parseVerbatimJson(text);
  } catch (cause) {
    throw new ProviderError(
      'invalid_response',
      'The upstream answered with something that is not JSON',
      { cause },
    );
  }
}
