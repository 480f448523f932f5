import type { ChatMessage } from '../chat/chat-api.js';
import { findReasoningOf, type ReasoningDetail } from '../chat/reasoning.js';
import type { TranslationReport } from '../contract/translation.js';
import type { ThinkingBlock } from './anthropic-api.js';

export const REASONING_FORMAT = 'anthropic-claude-v1';

/**
 * A message's thinking in the form that Anthropic gave it. Only what it signed is taken back: a
 * bare text, or what another vendor made, would be refused.
 */
export function convertReasoning(
  message: ChatMessage,
  keepsThinking: boolean,
  translation: TranslationReport,
  path: string,
): ThinkingBlock[] {
  const details = message['reasoning_details'];
  const blocks = keepsThinking
    ? findReasoningOf(REASONING_FORMAT, details).flatMap((detail) => toThinkingBlock(detail) ?? [])
    : [];
  const given = Array.isArray(details) ? details.length : 0;
  const isLost = given > blocks.length || (Boolean(message.reasoning_content) && given === 0);
  if (isLost) {
    const member = given > 0 ? 'reasoning_details' : 'reasoning_content';
    translation.note('messages.reasoning', 'dropped', `${path}.${member}`);
  } else if (blocks.length > 0) {
    translation.note('messages.reasoning', 'mapped', `${path}.reasoning_details`);
  }
  return blocks;
}

/** Undefined for what has no signature, or none that is whole. */
export function toThinkingBlock(detail: ReasoningDetail): ThinkingBlock | undefined {
  if (detail.type === 'reasoning.encrypted') {
    return detail.data ? { type: 'redacted_thinking', data: detail.data } : undefined;
  }
  if (detail.type !== 'reasoning.text' || !detail.signature) return undefined;
  return { type: 'thinking', thinking: detail.text, signature: detail.signature };
}

export function fromThinking(
  thinking: string,
  signature: string | undefined,
  index: number,
): ReasoningDetail {
  return {
    type: 'reasoning.text',
    text: thinking,
    ...(signature !== undefined && { signature }),
    format: REASONING_FORMAT,
    index,
  };
}

export function fromRedactedThinking(data: string, index: number): ReasoningDetail {
  return { type: 'reasoning.encrypted', data, format: REASONING_FORMAT, index };
}
