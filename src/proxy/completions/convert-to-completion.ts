import { randomUUID } from 'node:crypto';
import { JsonDocument } from '../../common/json/json-document.js';
import type { ChatResponse } from '../../providers/chat/chat.js';
import type { ChatChoice, FinishReason } from '../../providers/chat/chat-api.js';
import type { Completion, CompletionChoice } from '../../providers/completions/completions-api.js';
import type { WholeAnswer } from '../route.js';
import { convertLogprobs, countCharacters } from './convert-logprobs.js';

/** What a chat answer and each of its chunks have in common. */
interface ChatEnvelope {
  readonly id: string;
  readonly created: number;
  readonly model: string;
  readonly usage?: unknown;
  readonly [member: string]: unknown;
}

/**
 * A whole chat answer as one of the older completions.
 * @param echo what each choice has to begin with
 */
export function convertToCompletion(response: ChatResponse, echo: string): WholeAnswer {
  const { body, ...rest } = response;
  const completion = body.value;
  const choices = completion.choices.map((choice) => convertChoice(choice, echo));
  return { ...rest, body: JsonDocument.fromValue(wrapCompletion(completion, choices)) };
}

export function wrapCompletion(envelope: ChatEnvelope, choices: CompletionChoice[]): Completion {
  const { id, created, model, usage, system_fingerprint: fingerprint } = envelope;
  return {
    id: convertId(id),
    object: 'text_completion',
    created,
    model,
    choices,
    ...(typeof fingerprint === 'string' && { system_fingerprint: fingerprint }),
    ...(usage !== undefined && { usage }),
  };
}

/** Nobody offered tools, so whoever stopped for one just stopped. */
export function mapFinishReason(reason: FinishReason): 'stop' | 'length' | 'content_filter' {
  return reason === 'length' || reason === 'content_filter' ? reason : 'stop';
}

function convertChoice(
  { index, message, logprobs, finish_reason: reason }: ChatChoice,
  echo: string,
) {
  return {
    text: echo + (message.content ?? '') + (message.refusal ?? ''),
    index,
    logprobs: convertLogprobs(logprobs, countCharacters(echo)),
    finish_reason: mapFinishReason(reason),
  };
}

/** An id in the form of this dialect that still shows which answer of the vendor it stands for. */
function convertId(id: string): string {
  if (id.startsWith('cmpl-')) return id;
  return `cmpl-${id.replace(/^chatcmpl-/, '') || randomUUID().replaceAll('-', '')}`;
}
