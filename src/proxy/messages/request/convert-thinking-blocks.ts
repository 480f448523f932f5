import type { ReasoningDetail } from '../../../providers/chat/reasoning.js';
import type {
  BlockParam,
  RedactedThinkingBlockParam,
  ThinkingBlockParam,
} from '../messages-api.js';
import { isReasoningState, parseReasoningState, type ReasoningState } from '../reasoning-state.js';
import type { Notes } from './recorded-notes.js';

const ANTHROPIC = 'anthropic-claude-v1';
/** Anthropic's signatures and its hidden reasoning are base64 and nothing else. */
const BASE64 = /^[A-Za-z0-9+/_-]+={0,2}$/;

/** What a turn's thinking blocks hold, for the members of a canonical message. */
export interface Reasoning {
  readonly text: string;
  readonly details: readonly ReasoningDetail[];
  /** `extra_content` by the id of the tool call. */
  readonly calls: ReadonlyMap<string, unknown>;
}

/**
 * The reasoning of a turn in the form in which its maker takes it back. What nobody signed cannot
 * be taken back by anybody, so it is noted and left out.
 */
export function convertThinkingBlocks(
  blocks: readonly BlockParam[],
  notes: Notes,
  path: string,
): Reasoning {
  let text = '';
  const details: ReasoningDetail[] = [];
  const calls = new Map<string, unknown>();
  blocks.forEach((block, index) => {
    if (block.type !== 'thinking' && block.type !== 'redacted_thinking') return;
    const state =
      block.type === 'thinking'
        ? findStateOf(block, details.length)
        : findHiddenStateOf(block, details.length);
    if (state === undefined) {
      return notes.note('messages.thinking', 'dropped', `${path}[${index}]`);
    }
    text += state.text ?? (block.type === 'thinking' ? block.thinking : '');
    details.push(...(state.details ?? []));
    for (const [id, extra] of Object.entries(state.calls ?? {})) calls.set(id, extra);
  });
  return { text, details, calls };
}

function findStateOf(block: ThinkingBlockParam, index: number): ReasoningState | undefined {
  const { thinking, signature } = block;
  if (signature == null) return undefined;
  if (isReasoningState(signature)) return parseReasoningState(signature, thinking);
  if (!BASE64.test(signature)) return undefined;
  return {
    details: [{ type: 'reasoning.text', text: thinking, signature, format: ANTHROPIC, index }],
  };
}

function findHiddenStateOf(
  { data }: RedactedThinkingBlockParam,
  index: number,
): ReasoningState | undefined {
  if (!BASE64.test(data)) return undefined;
  return { details: [{ type: 'reasoning.encrypted', data, format: ANTHROPIC, index }] };
}
