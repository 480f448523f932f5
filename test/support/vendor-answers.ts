import type { FaultScript } from './fault-script.js';

/** A vendor's `usage` object as OpenAI writes it. */
export interface VendorUsage {
  prompt_tokens: number;
  completion_tokens: number;
  total_tokens: number;
  prompt_tokens_details?: { cached_tokens?: number };
  completion_tokens_details?: { reasoning_tokens?: number };
}

export function vendorUsage(
  input: number,
  output: number,
  details: { cached?: number; reasoning?: number } = {},
): VendorUsage {
  return {
    prompt_tokens: input,
    completion_tokens: output,
    total_tokens: input + output,
    prompt_tokens_details: { cached_tokens: details.cached ?? 0 },
    completion_tokens_details: { reasoning_tokens: details.reasoning ?? 0 },
  };
}

/** For answers whose counts do not matter. */
export const USAGE = vendorUsage(9, 4);

/** A whole answer; without `usage` the vendor reports none. */
export function completion(text: string, usage?: VendorUsage): object {
  return {
    id: 'chatcmpl-1',
    object: 'chat.completion',
    created: 1_700_000_000,
    model: 'vendor-model',
    choices: [
      {
        index: 0,
        message: { role: 'assistant', content: text, refusal: null },
        logprobs: null,
        finish_reason: 'stop',
      },
    ],
    ...(usage === undefined ? {} : { usage }),
  };
}

const ENVELOPE = {
  id: 'chatcmpl-1',
  object: 'chat.completion.chunk',
  created: 1_700_000_000,
  model: 'vendor-model',
};

export function chunk(
  delta: object,
  rest: { finish_reason?: string; usage?: VendorUsage } = {},
): object {
  const { usage, finish_reason = null } = rest;
  return {
    ...ENVELOPE,
    choices: [{ index: 0, delta, finish_reason }],
    ...(usage === undefined ? {} : { usage }),
  };
}

export function textChunk(text: string): object {
  return chunk({ content: text });
}

/** A chunk that carries nothing but the counts. */
export function usageChunk(usage: VendorUsage): object {
  return { ...ENVELOPE, choices: [], usage };
}

/** The events of a stream of texts, with the counts where OpenAI puts them. */
export function streamEvents(texts: readonly string[], usage?: VendorUsage): object[] {
  return [
    chunk({ role: 'assistant', content: '' }),
    ...texts.map(textChunk),
    chunk({}, { finish_reason: 'stop' }),
    ...(usage === undefined ? [] : [usageChunk(usage)]),
  ];
}

/** A whole stream, sent record by record. */
export function stream(texts: readonly string[], usage?: VendorUsage): FaultScript {
  return { events: streamEvents(texts, usage), done: true, cut: 'per-event' };
}

/** Answers a request in the form that it asks for. */
export function eitherForm(text: string, usage?: VendorUsage) {
  return (request: { body: string }): FaultScript =>
    (JSON.parse(request.body) as { stream?: boolean }).stream === true
      ? stream([text], usage)
      : { body: completion(text, usage) };
}
