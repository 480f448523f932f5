import { JsonDocument } from '../../common/json/json-document.js';
import type { TokenUsage } from '../contract/token-usage.js';
import type { ChatResponse } from './chat.js';
import type { ChatChoice, ChatToolCall, FinishReason, GeneratedImage } from './chat-api.js';
import type { ChunkEnvelope } from './chat-chunk-writer.js';
import { convertToChatUsage } from './convert-to-chat-usage.js';
import type { ReasoningDetail } from './reasoning.js';

/** One whole answer in the vendor's order, before it has OpenAI's form. */
export interface AnswerChoice {
  readonly text: string;
  readonly refusal?: string | undefined;
  readonly reasoning?: string | undefined;
  readonly reasoningDetails?: readonly ReasoningDetail[] | undefined;
  readonly toolCalls?: readonly ChatToolCall[] | undefined;
  readonly annotations?: readonly unknown[] | undefined;
  readonly images?: readonly GeneratedImage[] | undefined;
  readonly logprobs?: unknown;
  readonly finishReason: FinishReason;
}

export interface Answer {
  readonly envelope: ChunkEnvelope;
  readonly choices: readonly AnswerChoice[];
  readonly usage: TokenUsage | undefined;
  readonly upstreamRequestId?: string | undefined;
}

export function convertToChatResponse(answer: Answer): ChatResponse {
  const { envelope, choices, usage, upstreamRequestId } = answer;
  return {
    body: JsonDocument.fromValue({
      ...envelope,
      object: 'chat.completion',
      choices: choices.map(convertChoice),
      ...(usage && { usage: convertToChatUsage(usage) }),
    }),
    ...(usage && { usage }),
    characters: choices.reduce((sum, choice) => sum + charactersOf(choice), 0),
    ...(upstreamRequestId !== undefined && { upstreamRequestId }),
  };
}

function convertChoice(choice: AnswerChoice, index: number): ChatChoice {
  const {
    text,
    refusal,
    reasoning,
    reasoningDetails,
    toolCalls = [],
    annotations,
    images,
  } = choice;
  return {
    index,
    message: {
      role: 'assistant',
      content: text === '' && (toolCalls.length > 0 || refusal !== undefined) ? null : text,
      refusal: refusal ?? null,
      ...(reasoning && { reasoning_content: reasoning }),
      ...(reasoningDetails?.length && { reasoning_details: reasoningDetails }),
      ...(annotations?.length && { annotations }),
      ...(images?.length && { images }),
      ...(toolCalls.length > 0 && { tool_calls: [...toolCalls] }),
    },
    logprobs: choice.logprobs ?? null,
    finish_reason: choice.finishReason,
  };
}

function charactersOf({ text, refusal, reasoning, toolCalls = [] }: AnswerChoice): number {
  let characters = text.length + (refusal?.length ?? 0) + (reasoning?.length ?? 0);
  for (const { function: called, custom } of toolCalls) {
    characters += (called?.arguments ?? custom?.input ?? '').length;
  }
  return characters;
}
