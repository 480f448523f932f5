import { lastValueFrom, toArray, type Observable } from 'rxjs';
import type { ChatChunk, ChatResponse } from '../chat/chat.js';
import type { TokenUsage } from './token-usage.js';

/** What a client understands of an answer, however it came. */
export interface FoldedAnswer {
  text: string;
  reasoning: string;
  toolCalls: Array<{ name: string; arguments: unknown }>;
  finishReason: string | null;
  usage: TokenUsage | undefined;
}

export function foldResponse(response: ChatResponse): FoldedAnswer {
  const choice = response.body.value.choices[0];
  const calls = choice?.message.tool_calls ?? [];
  return {
    text: choice?.message.content ?? '',
    reasoning: choice?.message.reasoning_content ?? '',
    toolCalls: calls.map(({ function: tool }) => ({
      name: tool?.name ?? '',
      arguments: JSON.parse(tool?.arguments ?? '{}') as unknown,
    })),
    finishReason: choice?.finish_reason ?? null,
    usage: response.usage,
  };
}

/** Folds the first choice, joining tool calls by their index as the official clients do. */
export async function foldStream(chunks: Observable<ChatChunk>): Promise<FoldedAnswer> {
  return foldChunks(await lastValueFrom(chunks.pipe(toArray())));
}

export function foldChunks(chunks: readonly ChatChunk[]): FoldedAnswer {
  const answer: FoldedAnswer = emptyAnswer();
  const calls: Array<{ name: string; json: string }> = [];
  for (const chunk of chunks) {
    if (chunk.kind === 'usage') {
      answer.usage = chunk.usage;
      continue;
    }
    const choice = chunk.body.value.choices.find(({ index }) => index === 0);
    answer.text += choice?.delta.content ?? '';
    answer.reasoning += choice?.delta.reasoning_content ?? '';
    answer.finishReason = choice?.finish_reason ?? answer.finishReason;
    for (const { index, function: tool } of choice?.delta.tool_calls ?? []) {
      const call = (calls[index] ??= { name: '', json: '' });
      call.name += tool?.name ?? '';
      call.json += tool?.arguments ?? '';
    }
  }
  answer.toolCalls = calls.map(({ name, json }) => ({ name, arguments: JSON.parse(json) }));
  return answer;
}

function emptyAnswer(): FoldedAnswer {
  return { text: '', reasoning: '', toolCalls: [], finishReason: null, usage: undefined };
}
