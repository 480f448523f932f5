import type { ChatChoice, ChatToolCall } from '../../providers/chat/chat-api.js';

/** The state of a turn that called tools: what its vendor wants to see again with the results. */
export interface ReasoningTurn {
  /** `reasoning_content`. */
  readonly content: string;
  /** `reasoning_details`, as they came. */
  readonly details: readonly object[];
  /** With the `extra_content` of each, where it has one. Never empty. */
  readonly calls: readonly ChatToolCall[];
}

/** The turn of a whole answer; undefined when it has nothing that could get lost. */
export function findReasoningTurn({ message }: ChatChoice): ReasoningTurn | undefined {
  return asTurn(
    message.reasoning_content ?? '',
    objectsIn(message['reasoning_details']),
    objectsIn(message.tool_calls) as ChatToolCall[],
  );
}

export function asTurn(
  content: string,
  details: readonly object[],
  calls: readonly ChatToolCall[],
): ReasoningTurn | undefined {
  if (calls.length === 0) return undefined;
  const isEmpty =
    content === '' &&
    details.length === 0 &&
    calls.every((call) => call['extra_content'] === undefined);
  return isEmpty ? undefined : { content, details, calls };
}

/** The elements of a list that are objects; none when it is no list, for vendors differ. */
export function objectsIn(list: unknown): object[] {
  if (!Array.isArray(list)) return [];
  return (list as unknown[]).filter((element) => typeof element === 'object' && element !== null);
}
