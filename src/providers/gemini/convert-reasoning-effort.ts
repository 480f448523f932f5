import type { TranslationReport } from '../contract/translation.js';
import type { GenerationConfig, ThinkingLevel } from './gemini-api.js';
import type { GeminiFamily, Thinking } from './gemini-models.js';

type ThinkingConfig = NonNullable<GenerationConfig['thinkingConfig']>;

const RANKS: readonly ThinkingLevel[] = ['minimal', 'low', 'medium', 'high'];

/** As the vendor's own OpenAI endpoint reads them. https://ai.google.dev/gemini-api/docs/openai */
const BUDGETS: Readonly<Record<string, number>> = {
  none: 0,
  minimal: 1024,
  low: 1024,
  medium: 8192,
  high: 24_576,
  xhigh: Infinity,
  max: Infinity,
};

/** How much to think. Without a wish the model decides by itself. */
export function convertReasoningEffort(
  effort: string | null | undefined,
  { thinking }: GeminiFamily,
  translation: TranslationReport,
): ThinkingConfig | undefined {
  if (effort == null) return undefined;
  const converted = Object.hasOwn(BUDGETS, effort) ? convertKnown(effort, thinking) : undefined;
  if (!converted) {
    // Not to think is what such a model does anyway.
    if (thinking.by !== 'none' || effort !== 'none')
      translation.note('reasoning_effort', 'dropped');
    return undefined;
  }
  translation.note('reasoning_effort', converted.isExact ? 'mapped' : 'approximated');
  return { includeThoughts: effort !== 'none', ...converted.config };
}

interface Converted {
  readonly config: Pick<ThinkingConfig, 'thinkingBudget' | 'thinkingLevel'>;
  readonly isExact: boolean;
}

function convertKnown(effort: string, thinking: Thinking): Converted | undefined {
  switch (thinking.by) {
    case 'none':
      return undefined;
    case 'budget': {
      const wanted = BUDGETS[effort] ?? 0;
      if (wanted === 0 && thinking.canStop) return { config: { thinkingBudget: 0 }, isExact: true };
      const thinkingBudget = Math.min(Math.max(wanted, thinking.min), thinking.max);
      return { config: { thinkingBudget }, isExact: wanted !== 0 };
    }
    case 'level': {
      const thinkingLevel = nearestLevel(effort, thinking.levels);
      return { config: { thinkingLevel }, isExact: thinkingLevel === effort };
    }
  }
}

/** The level itself, else the next one that thinks more, else the one that thinks most. */
function nearestLevel(effort: string, levels: readonly ThinkingLevel[]): ThinkingLevel {
  const rank = effort === 'none' ? 0 : RANKS.findIndex((level) => level === effort);
  const wanted = rank < 0 ? RANKS.length : rank;
  return levels.find((level) => RANKS.indexOf(level) >= wanted) ?? levels.at(-1) ?? 'high';
}
