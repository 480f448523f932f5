import type { FaultScript } from './fault-script.js';

/** 20 in with 3 cached, 9 out with 2 of reasoning. */
export const RESPONSES_USAGE = {
  input_tokens: 20,
  input_tokens_details: { cached_tokens: 3 },
  output_tokens: 9,
  output_tokens_details: { reasoning_tokens: 2 },
  total_tokens: 29,
};

/** A whole response as OpenAI writes it, as far as clients read it. */
export function nativeResponse(id: string, text: string, rest: object = {}) {
  return {
    id,
    object: 'response',
    created_at: 1_700_000_000,
    status: 'completed',
    error: null,
    incomplete_details: null,
    instructions: null,
    metadata: {},
    model: 'vendor-model-2026',
    output: [nativeMessage(id, text)],
    parallel_tool_calls: true,
    store: true,
    temperature: 1,
    tool_choice: 'auto',
    tools: [],
    top_p: 1,
    truncation: 'disabled',
    // What nobody here knows has to arrive all the same.
    vendors_own: 12345678901234567000,
    usage: RESPONSES_USAGE,
    ...rest,
  };
}

function nativeMessage(id: string, text: string) {
  return {
    id: `msg_of_${id}`,
    type: 'message',
    status: 'completed',
    role: 'assistant',
    content: [{ type: 'output_text', text, annotations: [], logprobs: [] }],
  };
}

/** The events of the same. */
export function nativeEvents(id: string, text: string): object[] {
  const begun = nativeResponse(id, text, { status: 'in_progress', output: [], usage: null });
  const item = nativeMessage(id, text);
  const place = { item_id: item.id, output_index: 0, content_index: 0 };
  const [part] = item.content;
  return [
    { type: 'response.created', response: begun },
    { type: 'response.in_progress', response: begun },
    {
      type: 'response.output_item.added',
      output_index: 0,
      item: { ...item, status: 'in_progress', content: [] },
    },
    { type: 'response.content_part.added', ...place, part: { ...part, text: '' } },
    ...[...text].map((delta) => ({
      type: 'response.output_text.delta',
      ...place,
      delta,
      logprobs: [],
      obfuscation: 'xyz',
    })),
    { type: 'response.output_text.done', ...place, text, logprobs: [] },
    { type: 'response.content_part.done', ...place, part },
    { type: 'response.output_item.done', output_index: 0, item },
    { type: 'response.completed', response: nativeResponse(id, text) },
  ].map((event, index) => ({ ...event, sequence_number: index }));
}

/** What a vendor says who has begun and then refuses, under HTTP 200. */
export function nativeRefusal(id: string, code: string): object[] {
  const begun = nativeEvents(id, '').slice(0, 2);
  const error = { type: code, code, message: 'You exceeded your current quota.', param: null };
  const response = nativeResponse(id, '', { status: 'failed', output: [], usage: null, error });
  return [
    ...begun,
    { type: 'error', sequence_number: 2, error },
    { type: 'response.failed', sequence_number: 3, response },
  ];
}

export function nativeStream(events: readonly object[]): FaultScript {
  return { events, named: true, cut: 'per-event' };
}

/** Answers a request in the form that it asks for. */
export function nativeAnswer(id: string, text: string) {
  return (request: { body: string }): FaultScript =>
    (JSON.parse(request.body) as { stream?: boolean }).stream === true
      ? nativeStream(nativeEvents(id, text))
      : { body: nativeResponse(id, text) };
}
