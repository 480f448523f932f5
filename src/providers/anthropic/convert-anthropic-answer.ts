import type { ChatResponse } from '../chat/chat.js';
import type { ChatChoice, ChatToolCall } from '../chat/chat-api.js';
import { convertToChatResponse } from '../chat/convert-to-chat-response.js';
import type { ReasoningDetail } from '../chat/reasoning.js';
import type { Target } from '../contract/target.js';
import { objectsIn, textOf, type AnthropicMessage, type JsonObject } from './anthropic-api.js';
import type { AnswerForm } from './answer-form.js';
import { convertAnthropicUsage } from './convert-anthropic-usage.js';
import { convertCitations, type UrlCitation } from './convert-citations.js';
import { convertEnvelope } from './convert-envelope.js';
import { fromRedactedThinking, fromThinking } from './convert-reasoning.js';
import { unwrapCustomInput } from './convert-tools.js';
import { findRefusal } from './find-refusal.js';
import { mapAnthropicFinishReason } from './map-anthropic-finish-reason.js';

export interface AnswerContext extends Pick<Target, 'model' | 'requestId'> {
  readonly upstreamRequestId?: string | undefined;
}

/** One whole answer. Blocks of tools that Anthropic ran itself are its own affair. */
export function convertAnthropicAnswer(
  message: AnthropicMessage,
  form: AnswerForm,
  context: AnswerContext,
): ChatResponse {
  const parts = readBlocks(objectsIn(message.content), form);
  const { text, reasoning, reasoningDetails, toolCalls, annotations } = parts;
  const response = convertToChatResponse({
    envelope: convertEnvelope(message, context),
    choices: [
      {
        // A model that answers through a tool may announce it; the answer is what it says there.
        text: parts.answer ?? text,
        refusal: findRefusal(message.stop_reason, message.stop_details),
        reasoning,
        reasoningDetails,
        toolCalls,
        annotations,
        finishReason: mapAnthropicFinishReason(message.stop_reason, toolCalls.length > 0),
      },
    ],
    usage: convertAnthropicUsage(message.usage),
    upstreamRequestId: context.upstreamRequestId,
  });
  if (form.usesFunctions) response.body.value.choices.forEach(restoreFunctionCall);
  return response;
}

interface AnswerParts {
  text: string;
  answer: string | undefined;
  reasoning: string;
  readonly reasoningDetails: ReasoningDetail[];
  readonly toolCalls: ChatToolCall[];
  readonly annotations: UrlCitation[];
}

function readBlocks(blocks: readonly JsonObject[], form: AnswerForm): AnswerParts {
  const parts: AnswerParts = {
    text: '',
    answer: undefined,
    reasoning: '',
    reasoningDetails: [],
    toolCalls: [],
    annotations: [],
  };
  for (const block of blocks) readBlock(block, parts, form);
  return parts;
}

function readBlock(block: JsonObject, parts: AnswerParts, form: AnswerForm): void {
  const details = parts.reasoningDetails;
  if (block['type'] === 'text') {
    const start = parts.text.length;
    parts.text += textOf(block['text']);
    parts.annotations.push(...convertCitations(block['citations'], start, parts.text.length));
  } else if (block['type'] === 'thinking') {
    const thinking = textOf(block['thinking']);
    parts.reasoning += thinking;
    details.push(fromThinking(thinking, textOf(block['signature']) || undefined, details.length));
  } else if (block['type'] === 'redacted_thinking') {
    details.push(fromRedactedThinking(textOf(block['data']), details.length));
  } else if (block['type'] === 'tool_use') {
    readToolUse(block, parts, form);
  }
}

function readToolUse(block: JsonObject, parts: AnswerParts, form: AnswerForm): void {
  const name = textOf(block['name']);
  const input = JSON.stringify(block['input'] ?? {});
  if (name === form.answerTool) {
    parts.answer ??= input;
    return;
  }
  const id = textOf(block['id']);
  parts.toolCalls.push(
    form.customTools.has(name)
      ? { id, type: 'custom', custom: { name, input: unwrapCustomInput(block['input']) } }
      : { id, type: 'function', function: { name, arguments: input } },
  );
}

/** OpenAI's first form of tools: one call, without an id. */
function restoreFunctionCall(choice: ChatChoice): void {
  const { message } = choice;
  const [call] = message.tool_calls ?? [];
  if (!call) return;
  message['function_call'] = call.function;
  delete message.tool_calls;
  if (choice.finish_reason === 'tool_calls') choice.finish_reason = 'function_call';
}
