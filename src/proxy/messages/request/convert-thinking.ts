import type { MessagesRequest } from '../messages-api.js';
import type { Notes } from './recorded-notes.js';

/** What Anthropic's models do when nobody says. */
const DEFAULT_EFFORT = 'high';
/** Tokens of thinking from which on an effort is called that. */
const MEDIUM_BUDGET = 4096;
const HIGH_BUDGET = 16_384;

/** How hard the model shall think, in the words of the canonical form. */
export function convertThinking(
  { thinking, output_config: config }: MessagesRequest,
  notes: Notes,
): { reasoning_effort?: string } {
  const effort = config?.effort ?? undefined;
  if (thinking?.display === 'omitted') notes.note('thinking.display', 'emulated');
  switch (thinking?.type) {
    case undefined:
      if (effort === undefined) return {};
      notes.note('output_config.effort', 'mapped');
      return { reasoning_effort: effort };
    case 'disabled':
      notes.note('thinking', 'mapped');
      if (effort !== undefined) notes.note('output_config.effort', 'dropped');
      return { reasoning_effort: 'none' };
    case 'adaptive':
      notes.note('thinking', 'mapped');
      return { reasoning_effort: effort ?? DEFAULT_EFFORT };
    case 'between_tools':
      notes.note('thinking', 'approximated', 'thinking.type');
      return { reasoning_effort: effort ?? DEFAULT_EFFORT };
    case 'enabled':
      notes.note('thinking', 'approximated', 'thinking.budget_tokens');
      return { reasoning_effort: effort ?? mapBudget(thinking?.budget_tokens ?? MEDIUM_BUDGET) };
  }
}

function mapBudget(tokens: number): string {
  if (tokens < MEDIUM_BUDGET) return 'low';
  return tokens < HIGH_BUDGET ? 'medium' : 'high';
}
