import type { ChatCompletionRequest, ChatMessage } from '../chat/chat-api.js';
import { findReasoningOf } from '../chat/reasoning.js';
import type { TranslationReport } from '../contract/translation.js';
import type { Thinking } from './anthropic-api.js';
import type { AnthropicModelFamily } from './anthropic-models.js';
import { REASONING_FORMAT, toThinkingBlock } from './convert-reasoning.js';

const FIELD = 'reasoning_effort';
const MIN_BUDGET = 1024;

/** Share of the model's largest output that may go into thinking, for models that take a budget. */
const BUDGET_SHARES: Readonly<Record<string, number>> = {
  minimal: 0.02,
  low: 0.1,
  medium: 0.3,
  high: 0.6,
  xhigh: 0.9,
  max: 0.9,
};

export interface ConvertedThinking {
  readonly thinking?: Thinking;
  readonly effort?: string;
}

export interface ThinkingCircumstances {
  readonly family: AnthropicModelFamily;
  /** As `Target.maxOutputTokens`. */
  readonly ceiling: number | undefined;
  /** The model must call a tool, which a model with a budget cannot do while it thinks. */
  readonly forcesCall: boolean;
}

export function convertThinking(
  body: ChatCompletionRequest,
  { family, ceiling, forcesCall }: ThinkingCircumstances,
  translation: TranslationReport,
): ConvertedThinking {
  const effort = body.reasoning_effort;
  if (effort == null) return {};
  if (family.thinking === 'none') {
    if (effort !== 'none') translation.note(FIELD, 'dropped');
    return {};
  }
  if (effort === 'none') {
    translation.note(FIELD, 'mapped');
    return family.thinking === 'adaptive' ? { thinking: { type: 'disabled' } } : {};
  }
  if (family.thinking === 'adaptive') return convertEffort(effort, family, translation);
  if (forcesCall || hasLostThinking(body.messages)) {
    translation.note(FIELD, 'dropped');
    return {};
  }
  const full = thinkingBudget(effort, family);
  const budget = budgetWithin(ceiling, body, effort, full);
  if (budget === undefined) {
    translation.note(FIELD, 'dropped');
    return {};
  }
  const isAsAsked = effort in BUDGET_SHARES && budget === full;
  translation.note(FIELD, isAsAsked ? 'mapped' : 'approximated');
  return { thinking: { type: 'enabled', budget_tokens: budget } };
}

/** Tokens that a model may think which is told a budget; 0 for all others. */
export function thinkingBudget(effort: string, family: AnthropicModelFamily): number {
  if (family.thinking !== 'manual' || effort === 'none') return 0;
  return Math.max(MIN_BUDGET, Math.round(family.maxOutputTokens * shareOf(effort)));
}

function shareOf(effort: string): number {
  return BUDGET_SHARES[effort] ?? 0.3;
}

/**
 * What fits beside the answer that the client allows, at least as large a share of what there is as
 * it would be of the longest answer. Undefined where hardly an answer would be left.
 */
function budgetWithin(
  ceiling: number | undefined,
  { max_completion_tokens: newer, max_tokens: older }: ChatCompletionRequest,
  effort: string,
  full: number,
): number | undefined {
  if (ceiling === undefined) return full;
  const beside = ceiling - (newer ?? older ?? ceiling);
  if (beside >= full) return full;
  if (ceiling < 2 * MIN_BUDGET) return undefined;
  return Math.min(full, Math.max(MIN_BUDGET, beside, Math.floor(ceiling * shareOf(effort))));
}

function convertEffort(
  effort: string,
  { efforts = [] }: AnthropicModelFamily,
  translation: TranslationReport,
): ConvertedThinking {
  const thinking = { type: 'adaptive', display: 'summarized' } as const;
  const known = efforts.includes(effort);
  translation.note(FIELD, known ? 'mapped' : 'approximated');
  return { thinking, effort: known ? effort : nearestEffort(effort, efforts) };
}

function nearestEffort(effort: string, efforts: readonly string[]): string {
  if (effort === 'minimal') return efforts[0] ?? 'low';
  return effort === 'xhigh' ? (efforts.at(-1) ?? 'high') : 'high';
}

/**
 * Whether the tool calls that are being answered came without the thinking that led to them. A turn
 * that began with thinking has to begin with it when it comes back, and a signature cannot be made
 * up, so such a turn can only go on without.
 */
function hasLostThinking(messages: readonly ChatMessage[]): boolean {
  const last = messages.findLastIndex(({ role }) => role === 'assistant');
  if (last < 0 || !messages.slice(last + 1).some(isToolResult)) return false;
  const before = messages.findLastIndex(
    (message, index) => index < last && message.role !== 'assistant' && !isToolResult(message),
  );
  const details = messages[before + 1]?.['reasoning_details'];
  return !findReasoningOf(REASONING_FORMAT, details).some(toThinkingBlock);
}

function isToolResult({ role }: ChatMessage): boolean {
  return role === 'tool' || role === 'function';
}
