import type { ChatCompletionRequest } from '../chat/chat-api.js';
import { isNeutral } from '../chat/neutral-values.js';
import type { TranslationReport } from '../contract/translation.js';
import { isObject } from '../openai-compatible/openai-api.js';
import { convertReasoningEffort } from './convert-reasoning-effort.js';
import { convertSchema } from './convert-schema.js';
import type { GenerationConfig } from './gemini-api.js';
import { MAX_CANDIDATES, MAX_STOP_SEQUENCES, type GeminiFamily } from './gemini-models.js';
import { unsupported } from '../contract/refusals.js';

/** How the answer is to be made: lengths, randomness, its form. */
export function convertGenerationConfig(
  body: ChatCompletionRequest,
  family: GeminiFamily,
  translation: TranslationReport,
): GenerationConfig {
  const thinkingConfig = convertReasoningEffort(body.reasoning_effort, family, translation);
  return {
    ...convertLength(body, family, translation),
    ...convertSampling(body, family, translation),
    ...convertCandidates(body, translation),
    ...convertStop(body.stop, translation),
    ...convertLogprobs(body, translation),
    ...convertFormat(body.response_format, family, translation),
    ...convertModalities(body, translation),
    ...(thinkingConfig && { thinkingConfig }),
  };
}

function convertLength(
  body: ChatCompletionRequest,
  { maxOutputTokens: limit = Infinity }: GeminiFamily,
  translation: TranslationReport,
): GenerationConfig {
  const { max_tokens: old, max_completion_tokens: wanted } = body;
  if (wanted != null && old != null && old !== wanted) translation.note('max_tokens', 'dropped');
  const field = wanted == null ? 'max_tokens' : 'max_completion_tokens';
  const tokens = wanted ?? old;
  if (tokens == null) return {};
  translation.note(field, tokens > limit ? 'approximated' : 'mapped');
  return { maxOutputTokens: Math.min(tokens, limit) };
}

const SAMPLING = [
  ['temperature', 'temperature'],
  ['top_p', 'topP'],
  ['top_k', 'topK'],
  ['presence_penalty', 'presencePenalty'],
  ['frequency_penalty', 'frequencyPenalty'],
] as const;

function convertSampling(
  body: ChatCompletionRequest,
  family: GeminiFamily,
  translation: TranslationReport,
): GenerationConfig {
  const config: GenerationConfig = {};
  for (const [field, name] of SAMPLING) {
    const value = body[field];
    if (typeof value !== 'number') continue;
    if (!family.hasFixedSampling) config[name] = value;
    else if (!isNeutral(field, value)) translation.note(field, 'dropped');
  }
  if (typeof body['seed'] === 'number') config.seed = body['seed'];
  return config;
}

function convertCandidates(
  { n }: ChatCompletionRequest,
  translation: TranslationReport,
): GenerationConfig {
  if (n == null || n === 1) return {};
  if (n > MAX_CANDIDATES) throw unsupported('n', `must not be more than ${MAX_CANDIDATES}`);
  translation.note('n', 'mapped');
  return { candidateCount: n };
}

function convertStop(
  stop: ChatCompletionRequest['stop'],
  translation: TranslationReport,
): GenerationConfig {
  const sequences = typeof stop === 'string' ? [stop] : (stop ?? []);
  if (sequences.length === 0) return {};
  const isTooLong = sequences.length > MAX_STOP_SEQUENCES;
  if (isTooLong) translation.note('stop', 'approximated', `stop[${MAX_STOP_SEQUENCES}]`);
  else translation.note('stop', 'mapped');
  return { stopSequences: sequences.slice(0, MAX_STOP_SEQUENCES) };
}

function convertLogprobs(
  body: ChatCompletionRequest,
  translation: TranslationReport,
): GenerationConfig {
  const top = body['top_logprobs'];
  if (body['logprobs'] !== true) {
    if (top) translation.note('top_logprobs', 'dropped');
    return {};
  }
  translation.note('logprobs', 'mapped');
  if (typeof top !== 'number') return { responseLogprobs: true };
  translation.note('top_logprobs', 'mapped');
  return { responseLogprobs: true, logprobs: top };
}

function convertFormat(
  format: ChatCompletionRequest['response_format'],
  family: GeminiFamily,
  translation: TranslationReport,
): GenerationConfig {
  if (format == null || format.type === 'text') return {};
  const responseMimeType = 'application/json';
  if (format.type === 'json_object') {
    translation.note('response_format.json_object', 'mapped', 'response_format');
    return { responseMimeType };
  }
  if (format.type !== 'json_schema' || !isObject(format['json_schema'])) {
    throw unsupported('response_format', `has the type '${format.type}', which is not known`);
  }
  translation.note('response_format.json_schema', 'mapped', 'response_format');
  const { form, schema, lost } = convertSchema(
    format['json_schema']['schema'],
    family.takesJsonSchema,
  );
  for (const keyword of lost) {
    const path = `response_format.json_schema.schema${keyword}`;
    translation.note('response_format.json_schema', 'approximated', path);
  }
  if (schema === undefined) return { responseMimeType };
  return form === 'openapi'
    ? { responseMimeType, responseSchema: schema }
    : { responseMimeType, responseJsonSchema: schema };
}

function convertModalities(
  body: ChatCompletionRequest,
  translation: TranslationReport,
): GenerationConfig {
  const modalities = Array.isArray(body['modalities']) ? (body['modalities'] as unknown[]) : [];
  if (modalities.includes('audio')) {
    throw unsupported('modalities', 'cannot contain audio: this provider answers in text');
  }
  if (body['audio'] != null) translation.note('audio', 'dropped');
  if (modalities.every((modality) => modality === 'text')) return {};
  translation.note('modalities', 'mapped');
  return { responseModalities: modalities.map((modality) => String(modality).toUpperCase()) };
}
