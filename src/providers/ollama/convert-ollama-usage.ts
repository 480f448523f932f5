import { NO_USAGE, type TokenUsage } from '../contract/token-usage.js';
import { OLLAMA_COUNTERS, type OllamaAnswer } from './ollama-api.js';

/**
 * What the counts of an answer's last line mean. A count that is absent is 0: the vendor leaves
 * zeros out. Thinking is inside `eval_count` and not told apart. Undefined when an answer that has
 * something to count counts nothing.
 */
export function convertOllamaUsage(answer: OllamaAnswer): TokenUsage | undefined {
  const { prompt_eval_count: input, eval_count: output, done_reason: reason } = answer;
  const isIdle = reason === 'load' || reason === 'unload';
  if (!isCount(input) && !isCount(output) && !isIdle) return undefined;
  const given = OLLAMA_COUNTERS.filter((name) => answer[name] !== undefined);
  return {
    ...NO_USAGE,
    inputUncached: isCount(input) ? input : 0,
    outputText: isCount(output) ? output : 0,
    raw: Object.fromEntries(given.map((name) => [name, answer[name]])),
  };
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0;
}
