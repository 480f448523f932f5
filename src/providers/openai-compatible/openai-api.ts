/**
 * What an OpenAI-compatible vendor answers, as loosely as vendors write it: every member may be
 * absent, null or of another type. Requests go out in the canonical form, which is this protocol.
 */
export interface OpenAiChunk {
  id?: unknown;
  object?: unknown;
  created?: unknown;
  model?: unknown;
  choices?: unknown;
  usage?: unknown;
  service_tier?: unknown;
  x_groq?: unknown;
  [key: string]: unknown;
}

export interface OpenAiChoice {
  index?: unknown;
  delta?: unknown;
  message?: unknown;
  finish_reason?: unknown;
  [key: string]: unknown;
}

export type JsonObject = Record<string, unknown>;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The choices that can be read at all; an answer without any gives an empty list. */
export function choicesOf(answer: { choices?: unknown }): OpenAiChoice[] {
  return objectsIn(answer.choices);
}

/** The elements of a list that can be read; none when it is no list. */
export function objectsIn(list: unknown): JsonObject[] {
  return Array.isArray(list) ? list.filter(isObject) : [];
}

/** Where the vendor put its counts: at the top, or beside its own request id. */
export function usageOf(answer: OpenAiChunk): unknown {
  if (isObject(answer.usage)) return answer.usage;
  return isObject(answer.x_groq) ? answer.x_groq['usage'] : undefined;
}
