import type { ChatCompletionRequest } from '../chat/chat-api.js';
import type { ChatRequest } from '../chat/chat.js';
import { noteDroppedMembers } from '../chat/note-dropped-members.js';
import type { Target } from '../contract/target.js';
import type { TranslationReport } from '../contract/translation.js';
import { convertMessages } from './convert-messages.js';
import { convertOptions } from './convert-options.js';
import { convertThinking } from './convert-thinking.js';
import { convertTools } from './convert-tools.js';
import { OLLAMA_MEMBERS } from './ollama-members.js';
import { isObject, type OllamaChatRequest } from './ollama-api.js';
import type { OllamaSettings } from './ollama-settings.js';
import { unsupported } from '../contract/refusals.js';

/** What clients that mean this vendor may say in its own words. */
const OWN_FIELDS = ['truncate', 'shift'] as const;

export interface OllamaRequestOptions {
  readonly settings: OllamaSettings;
  readonly stream: boolean;
}

/**
 * How the request is written. Pictures that are only pointed to are left as they are, for
 * `loadMedia`. Throws a `ProviderError` for a request that makes no sense without what the vendor
 * lacks.
 */
export function convertToOllamaRequest(
  request: ChatRequest,
  target: Target,
  { settings, stream }: OllamaRequestOptions,
): OllamaChatRequest {
  const body = request.body.value;
  const report = target.translation;
  if ((body.n ?? 1) !== 1) throw unsupported('n', 'must be 1: the provider answers once');

  const tools = convertTools(body, report);
  const options = convertOptions(body, settings, report);
  const keepAlive = body['keep_alive'] ?? settings.keepAlive;
  const converted: OllamaChatRequest = {
    model: target.model,
    messages: convertMessages(body.messages, report),
    stream,
    ...(tools.length > 0 && { tools }),
    ...convertFormat(body, report),
    ...(Object.keys(options).length > 0 && { options }),
    ...convertThinking(body, target.model, report),
    ...(keepAlive !== undefined && { keep_alive: keepAlive }),
    ...convertLogprobs(body, report),
  };
  for (const field of OWN_FIELDS) {
    if (body[field] !== undefined && body[field] !== null) converted[field] = body[field];
  }
  noteDroppedMembers(body, OLLAMA_MEMBERS, report);
  return converted;
}

function convertFormat(body: ChatCompletionRequest, report: TranslationReport) {
  const format = body.response_format;
  if (format?.type === 'json_object') {
    report.note('response_format.json_object', 'mapped', 'response_format');
    return { format: 'json' };
  }
  if (format?.type === 'json_schema') {
    report.note('response_format.json_schema', 'mapped', 'response_format');
    const named = format['json_schema'];
    return { format: (isObject(named) ? named['schema'] : undefined) ?? 'json' };
  }
  if (format && format.type !== 'text') {
    report.note(`response_format.${format.type}`, 'dropped', 'response_format');
  }
  return {};
}

function convertLogprobs(body: ChatCompletionRequest, report: TranslationReport) {
  const top = body['top_logprobs'] ?? undefined;
  if (body['logprobs'] !== true) {
    if (top !== undefined) report.note('top_logprobs', 'dropped');
    return {};
  }
  return { logprobs: true, ...(typeof top === 'number' && { top_logprobs: top }) };
}
