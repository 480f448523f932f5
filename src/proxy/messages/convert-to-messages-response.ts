import type { ChatCompletion } from '../../providers/chat/chat-api.js';
import type { TokenUsage } from '../../providers/contract/token-usage.js';
import { convertToMessagesUsage } from './convert-to-messages-usage.js';
import { findStopDetails, mapStopReason } from './map-stop-reason.js';
import { MessageContent, type ContentDelta } from './content/message-content.js';
import { convertToMessageId } from './message-id.js';
import type {
  BlockDelta,
  BlockEvent,
  ContentBlock,
  MessagesResponse,
} from './messages-answer-api.js';
import { parseToolInput } from './content/parse-tool-input.js';

/**
 * A whole canonical answer as a message: what its stream would have come to.
 * @param omitsThinking the client wants to be spared the text of the reasoning
 */
export function convertToMessagesResponse(
  completion: ChatCompletion,
  usage: TokenUsage,
  omitsThinking = false,
): MessagesResponse {
  const content = new MessageContent(omitsThinking);
  const choice = completion.choices[0];
  if (choice) for (const delta of splitReasoning(choice.message)) content.add(delta);
  const blocks = joinBlocks(content.take(true));
  const { hasToolUse, refusal } = content;
  const ending = { finishReason: choice?.finish_reason, hasToolUse, refusal };
  return {
    id: convertToMessageId(completion.id),
    type: 'message',
    role: 'assistant',
    model: completion.model,
    content: blocks,
    stop_reason: mapStopReason(ending),
    stop_sequence: null,
    ...findStopDetails(ending),
    usage: convertToMessagesUsage(usage),
  };
}

/** Reasoning in several signed pieces becomes as many blocks, as it would have in a stream. */
function splitReasoning(message: ContentDelta): ContentDelta[] {
  const { reasoning_content: text, reasoning_details: details, ...rest } = message;
  if (!Array.isArray(details) || details.length < 2) return [message];
  const pieces = (details as Array<{ text?: unknown; summary?: unknown } | null>).map((detail) => {
    const told = detail?.text ?? detail?.summary;
    return { reasoning_content: typeof told === 'string' ? told : '', reasoning_details: [detail] };
  });
  const isWhole = pieces.map((piece) => piece.reasoning_content).join('') === text;
  return isWhole ? [...pieces, rest] : [message];
}

function joinBlocks(events: readonly BlockEvent[]): ContentBlock[] {
  const blocks: ContentBlock[] = [];
  for (const event of events) {
    if (event.type === 'content_block_start') blocks.push({ ...event.content_block });
    else if (event.type === 'content_block_delta') {
      addDelta(blocks[event.index] as ContentBlock, event.delta);
    }
  }
  return blocks;
}

/** A message that is already whole has one delta of each kind at most. */
function addDelta(block: ContentBlock, delta: BlockDelta): void {
  if (block.type === 'text' && delta.type === 'text_delta') block.text = delta.text;
  if (block.type === 'tool_use' && delta.type === 'input_json_delta') {
    block.input = parseToolInput(delta.partial_json);
  }
  if (block.type !== 'thinking') return;
  if (delta.type === 'thinking_delta') block.thinking = delta.thinking;
  if (delta.type === 'signature_delta') block.signature = delta.signature;
}
