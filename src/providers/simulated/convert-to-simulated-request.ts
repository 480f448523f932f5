import { createHash } from 'node:crypto';
import type { ChatCompletionRequest, ChatMessage } from '../chat/chat-api.js';
import type { ChatRequest } from '../chat/chat.js';
import { ProviderError } from '../contract/provider-error.js';
import { invalidValue } from '../contract/refusals.js';
import type { Target } from '../contract/target.js';
import { chooseTools } from './choose-tools.js';
import type { SimulatedRequest } from './simulated-api.js';
import { EMBEDDING_MODEL, findSimulatedModel } from './simulated-models.js';
import type { SimulatedSettings } from './simulated-settings.js';

/** How the request is written. Throws a `ProviderError` for one that the vendor would refuse. */
export function convertToSimulatedRequest(
  request: ChatRequest,
  target: Target,
  settings: SimulatedSettings,
): SimulatedRequest {
  const model = findSimulatedModel(target.model, settings);
  if (!model) throw unknownModel(target.model);
  const body = request.body.value;
  const messages = messagesOf(body);
  const toolResults = resultsAtTheEnd(messages);
  const usesTools = model.behaviour === 'tools' && toolResults.length === 0;
  return {
    ...model,
    seed: seedOf(target.model, body),
    lastText: textOf(messages.findLast((message) => message.role === 'user')),
    toolResults,
    calls: usesTools ? chooseTools(body) : [],
    json: jsonOf(body.response_format),
    stop: typeof body.stop === 'string' ? [body.stop] : (body.stop ?? []),
    maxTokens: body.max_completion_tokens ?? body.max_tokens ?? undefined,
    answers: answersOf(body),
    promptCharacters: charactersOf(messages) + (body.tools ? JSON.stringify(body.tools).length : 0),
  };
}

function unknownModel(model: string): ProviderError {
  const isNoChatModel = model === EMBEDDING_MODEL;
  return new ProviderError(
    'rejected',
    isNoChatModel ? `The model '${model}' does not chat` : `The model '${model}' does not exist`,
    {
      status: 404,
      vendorType: 'invalid_request_error',
      vendorCode: isNoChatModel ? null : 'model_not_found',
      param: 'model',
    },
  );
}

function messagesOf(body: ChatCompletionRequest): readonly ChatMessage[] {
  if (Array.isArray(body.messages) && body.messages.length > 0) return body.messages;
  throw invalidValue('messages', 'must be a list with at least one message');
}

function answersOf(body: ChatCompletionRequest): number {
  const answers = body.n ?? 1;
  if (Number.isInteger(answers) && answers >= 1 && answers <= 128) return answers;
  throw invalidValue('n', 'must be a whole number from 1 to 128');
}

/** The same request gives the same answer, whole or as a stream. */
function seedOf(model: string, body: ChatCompletionRequest): string {
  const text = JSON.stringify({ ...body, model, stream: undefined, stream_options: undefined });
  return createHash('sha256').update(text).digest('hex').slice(0, 24);
}

function resultsAtTheEnd(messages: readonly ChatMessage[]): readonly string[] {
  const before = messages.findLastIndex((message) => message.role !== 'tool');
  return messages.slice(before + 1).map(textOf);
}

function jsonOf(format: ChatCompletionRequest['response_format']): unknown {
  if (format?.type === 'json_object') return true;
  if (format?.type !== 'json_schema') return undefined;
  const named = format['json_schema'] as { schema?: unknown } | undefined;
  return named?.schema ?? true;
}

function textOf(message: ChatMessage | undefined): string {
  const content = message?.content;
  if (typeof content === 'string') return content;
  return (content ?? []).map((part) => part.text ?? '').join('');
}

function charactersOf(messages: readonly ChatMessage[]): number {
  return messages.reduce((sum, message) => {
    const calls = message.tool_calls ? JSON.stringify(message.tool_calls).length : 0;
    return sum + textOf(message).length + calls;
  }, 0);
}
