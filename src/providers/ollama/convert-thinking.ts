import type { ChatCompletionRequest } from '../chat/chat-api.js';
import type { TranslationOutcome, TranslationReport } from '../contract/translation.js';
import { thinkLevelsOf } from './ollama-models.js';

const LEVEL_OF_EFFORT: ReadonlyMap<string, string> = new Map([
  ['minimal', 'low'],
  ['low', 'low'],
  ['medium', 'medium'],
  ['high', 'high'],
  ['xhigh', 'max'],
  ['max', 'max'],
]);

/** How much the model shall think. What nobody says is left to the model. */
export function convertThinking(
  body: ChatCompletionRequest,
  model: string,
  report: TranslationReport,
): { think?: unknown } {
  const note = (outcome: TranslationOutcome) => report.note('reasoning_effort', outcome);
  const effort = body.reasoning_effort ?? undefined;
  const own = body['think'];
  if (own !== undefined && own !== null) {
    if (effort !== undefined) note('dropped');
    return { think: own };
  }
  if (effort === undefined) return {};
  if (effort === 'none') {
    note('mapped');
    return { think: false };
  }
  const level = LEVEL_OF_EFFORT.get(effort);
  if (level === undefined) {
    note('dropped');
    return {};
  }
  const hasLevel = thinkLevelsOf(model).has(level);
  note(hasLevel && level === effort ? 'mapped' : 'approximated');
  return { think: hasLevel ? level : true };
}
