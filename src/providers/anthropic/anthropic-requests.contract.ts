import type { ChatCompletionRequest } from '../chat/chat-api.js';
import { TranslationReport } from '../contract/translation.js';
import { convertToAnthropicRequest } from './convert-to-anthropic-request.js';

export const ADAPTIVE = 'claude-opus-4-8';
export const ADAPTIVE_46 = 'claude-sonnet-4-6';
export const MANUAL = 'claude-sonnet-4-5';
export const OLD = 'claude-opus-4-1';
export const OLDEST = 'claude-3-haiku-20240307';

const MESSAGES = [{ role: 'user', content: 'Hi' }];
export const TOOL = { type: 'function', function: { name: 'f', parameters: { type: 'object' } } };
export const SENT_TOOL = { name: 'f', input_schema: { type: 'object' } };

/** A model, what it is asked, what is sent, and what is reported. */
export type RequestCase = [model: string, fields: object, sent: object, report: string];

/** @param maxOutputTokens as `Target.maxOutputTokens` */
export function convert(
  model: string,
  fields: Partial<ChatCompletionRequest>,
  { strict = false, maxOutputTokens }: { strict?: boolean; maxOutputTokens?: number } = {},
) {
  const translation = new TranslationReport(strict);
  const request = { model, messages: MESSAGES, ...fields } as ChatCompletionRequest;
  const call = convertToAnthropicRequest(request, { model, translation, maxOutputTokens });
  return { ...call, report: translation.toString() };
}

/** What is sent besides the model, the messages and the usual `max_tokens`, and the report. */
export function convertRest(model: string, fields: Partial<ChatCompletionRequest>) {
  const { body, report } = convert(model, fields);
  const { model: _model, messages: _messages, max_tokens: _maxTokens, ...others } = body;
  return [others, report];
}
