import type { ChatMessage, ChatToolCall } from '../../providers/chat/chat-api.js';
import { objectsIn } from './reasoning-turn.js';

/** What is known of a tool call: the state of its turn, and its own. */
export interface KnownReasoning {
  readonly content: string;
  readonly details: readonly object[];
  /** `extra_content` of this call. */
  readonly extraContent: unknown;
}

export type FindReasoning = (call: ChatToolCall) => KnownReasoning | undefined;

/**
 * The messages with what they lost of their reasoning, or undefined when there is nothing to put
 * back. None of the given objects is changed.
 */
export function withReasoning(
  messages: readonly ChatMessage[],
  find: FindReasoning,
): ChatMessage[] | undefined {
  let restored: ChatMessage[] | undefined;
  for (const [index, message] of messages.entries()) {
    const whole = restore(message, find);
    if (whole === undefined) continue;
    restored ??= [...messages];
    restored[index] = whole;
  }
  return restored;
}

function restore(message: ChatMessage, find: FindReasoning): ChatMessage | undefined {
  if (message.role !== 'assistant') return undefined;
  const calls = objectsIn(message.tool_calls) as ChatToolCall[];
  if (calls.length === 0 || carriesState(message, calls)) return undefined;

  const known = calls.map(find);
  const turn = known.find((each) => each !== undefined);
  if (turn === undefined || !isOf(message, turn.content)) return undefined;
  return {
    ...message,
    ...(turn.content !== '' && { reasoning_content: turn.content }),
    ...(turn.details.length > 0 && { reasoning_details: turn.details }),
    tool_calls: calls.map((call, index) => {
      const extra = known[index]?.extraContent;
      return extra === undefined ? call : { ...call, extra_content: extra };
    }),
  };
}

/** The client kept what the vendor needs. */
function carriesState(message: ChatMessage, calls: readonly ChatToolCall[]): boolean {
  if (objectsIn(message['reasoning_details']).length > 0) return true;
  return calls.some((call) => call['extra_content'] != null);
}

/** A text that the client kept, and perhaps changed, must be the one that belongs to the rest. */
function isOf(message: ChatMessage, content: string): boolean {
  const own = message.reasoning_content ?? message['reasoning'] ?? '';
  return own === '' || own === content;
}
