import type { ChatCompletionRequest } from '../chat/chat-api.js';
import type { TranslationReport } from '../contract/translation.js';
import type { AnthropicRequest } from './anthropic-api.js';
import type { AnthropicModelFamily } from './anthropic-models.js';

/** Below this, models with fixed sampling refuse a `top_p`; thinking models want at least the other. */
const FIXED_MIN_TOP_P = 0.99;
const THINKING_MIN_TOP_P = 0.95;

export type Sampling = Pick<
  AnthropicRequest,
  'temperature' | 'top_p' | 'top_k' | 'stop_sequences' | 'max_tokens'
>;

export interface SamplingCircumstances {
  readonly family: AnthropicModelFamily;
  readonly isThinking: boolean;
  /** Tokens that may be thought, in addition to the answer. */
  readonly budget: number;
  /** As `Target.maxOutputTokens`. */
  readonly ceiling: number | undefined;
}

export function convertSampling(
  body: ChatCompletionRequest,
  circumstances: SamplingCircumstances,
  translation: TranslationReport,
): Sampling {
  const temperature = convertTemperature(body, circumstances, translation);
  const topP = convertTopP(body, circumstances, temperature, translation);
  const topK = convertTopK(body, circumstances, translation);
  const stop = convertStop(body, translation);
  return {
    max_tokens: convertMaxTokens(body, circumstances, translation),
    ...(temperature !== undefined && { temperature }),
    ...(topP !== undefined && { top_p: topP }),
    ...(topK !== undefined && { top_k: topK }),
    ...(stop.length > 0 && { stop_sequences: stop }),
  };
}

/** Required by Anthropic. Thinking counts against it, so its budget comes on top. */
function convertMaxTokens(
  body: ChatCompletionRequest,
  { family, budget, ceiling = Infinity }: SamplingCircumstances,
  translation: TranslationReport,
): number {
  const field = body.max_completion_tokens == null ? 'max_tokens' : 'max_completion_tokens';
  const asked = body[field];
  if (asked == null) return Math.min(family.maxOutputTokens, ceiling);
  if (field === 'max_completion_tokens') translation.note(field, 'mapped');
  const most = family.isGuess ? Infinity : family.maxOutputTokens;
  const given = Math.min(asked + budget, most, ceiling);
  if (given !== asked) translation.note(field, 'approximated');
  return given;
}

function convertTemperature(
  { temperature }: ChatCompletionRequest,
  { family, isThinking }: SamplingCircumstances,
  translation: TranslationReport,
): number | undefined {
  if (temperature == null) return undefined;
  if ((family.sampling === 'fixed' || isThinking) && temperature !== 1) {
    translation.note('temperature', 'dropped');
    return undefined;
  }
  if (temperature <= 1) return temperature;
  translation.note('temperature', 'approximated');
  return 1;
}

function convertTopP(
  body: ChatCompletionRequest,
  { family, isThinking }: SamplingCircumstances,
  temperature: number | undefined,
  translation: TranslationReport,
): number | undefined {
  const topP = body['top_p'] as number | null | undefined;
  if (topP == null) return undefined;
  const isRefused =
    (family.sampling === 'fixed' && topP < FIXED_MIN_TOP_P) ||
    (family.sampling !== 'free' && temperature !== undefined);
  if (isRefused) {
    // One as large as can be leaves nothing out.
    if (topP < 1) translation.note('top_p', 'dropped');
    return undefined;
  }
  if (!isThinking || topP >= THINKING_MIN_TOP_P) return topP;
  translation.note('top_p', 'approximated');
  return THINKING_MIN_TOP_P;
}

function convertTopK(
  body: ChatCompletionRequest,
  { family, isThinking }: SamplingCircumstances,
  translation: TranslationReport,
): number | undefined {
  const topK = body['top_k'] as number | null | undefined;
  if (topK == null) return undefined;
  if (family.sampling !== 'fixed' && !isThinking) return topK;
  translation.note('top_k', 'dropped');
  return undefined;
}

/** Anthropic refuses sequences of nothing but white space. */
function convertStop({ stop }: ChatCompletionRequest, translation: TranslationReport): string[] {
  if (stop == null) return [];
  const sequences = typeof stop === 'string' ? [stop] : stop;
  if (sequences.length > 0) translation.note('stop', 'mapped');
  return sequences.filter((sequence, index) => {
    const isTaken = sequence.trim() !== '';
    if (!isTaken) translation.note('stop', 'dropped', `stop[${index}]`);
    return isTaken;
  });
}
