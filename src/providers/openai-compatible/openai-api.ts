/**
 * What an OpenAI-compatible vendor answers, as loosely as vendors write it: every member may be
 * absent, null or of another type. Requests go out in the canonical form, which is this protocol.
 */
export interface OpenAiUsage {
  prompt_tokens?: unknown;
  completion_tokens?: unknown;
  total_tokens?: unknown;
  prompt_tokens_details?: unknown;
  completion_tokens_details?: unknown;
  [key: string]: unknown;
}

export interface OpenAiChunk {
  id?: unknown;
  object?: unknown;
  created?: unknown;
  model?: unknown;
  choices?: unknown;
  usage?: unknown;
  error?: unknown;
  service_tier?: unknown;
  x_groq?: unknown;
  [key: string]: unknown;
}

export interface OpenAiChoice {
  index?: unknown;
  delta?: unknown;
  message?: unknown;
  finish_reason?: unknown;
  error?: unknown;
  [key: string]: unknown;
}

export interface OpenAiModelList {
  data?: unknown;
}

export type JsonObject = Record<string, unknown>;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The choices that can be read at all; an answer without any gives an empty list. */
export function choicesOf(answer: { choices?: unknown }): OpenAiChoice[] {
  return Array.isArray(answer.choices) ? answer.choices.filter(isObject) : [];
}

/** Where the vendor put its counts: at the top, or beside its own request id. */
export function usageOf(answer: OpenAiChunk): unknown {
  if (isObject(answer.usage)) return answer.usage;
  return isObject(answer.x_groq) ? answer.x_groq['usage'] : undefined;
}

/** An error that came in place of an answer, or undefined. */
export function errorOf(answer: OpenAiChunk): unknown {
  if (answer.error) return answer;
  if (isObject(answer.x_groq) && answer.x_groq['error']) return answer.x_groq;
  const failed = choicesOf(answer).find((choice) => choice.error);
  if (failed) return failed;
  return answer.object === 'error' ? answer : undefined;
}
