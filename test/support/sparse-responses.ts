import { RESPONSES_USAGE } from './native-responses.js';

const ID = 'f3a1c5d2-0b1e';
export const SPARSE_TEXT = 'xAI was founded in 2023. 🙂';
const ARGUMENTS = '{"query":"what is xAI","num_results":5}';

/** As xAI writes it: the search is in its arguments, and what would be null is left out. */
const SEARCH = {
  arguments: ARGUMENTS,
  call_id: '',
  name: 'web_search',
  type: 'web_search_call',
  id: `fc_${ID}_0`,
  status: 'completed',
};
const CITATION = { type: 'url_citation', url: 'https://x.ai/company' };
const CODE = {
  arguments: '{"code":"print(55)"}',
  call_id: '',
  name: 'code_execution',
  type: 'code_interpreter_call',
  id: `fc_${ID}_1`,
  status: 'completed',
};

/** The same as OpenAI would have it. */
export const WHOLE_SEARCH = {
  ...SEARCH,
  action: { type: 'search', query: 'what is xAI', queries: ['what is xAI'] },
};
export const WHOLE_CODE = { ...CODE, code: 'print(55)', container_id: '', outputs: null };
export const WHOLE_CITATION = {
  ...CITATION,
  title: CITATION.url,
  start_index: 0,
  end_index: 0,
};

const MESSAGE = {
  content: [{ type: 'output_text', text: SPARSE_TEXT, logprobs: [], annotations: [CITATION] }],
  id: `msg_${ID}`,
  role: 'assistant',
  type: 'message',
  status: 'completed',
};

export function sparseResponse(rest: object = {}) {
  return {
    created_at: 1_762_189_785,
    id: ID,
    max_output_tokens: null,
    model: 'grok-4-fast-reasoning',
    object: 'response',
    output: [SEARCH, CODE, MESSAGE],
    parallel_tool_calls: true,
    previous_response_id: null,
    temperature: null,
    tool_choice: 'auto',
    tools: [{ type: 'web_search' }, { type: 'code_interpreter' }],
    top_p: null,
    usage: RESPONSES_USAGE,
    user: null,
    incomplete_details: null,
    status: 'completed',
    store: true,
    metadata: {},
    ...rest,
  };
}

export function sparseEvents(): (object & { type: string })[] {
  const { usage: _usage, ...begun } = sparseResponse({ status: 'in_progress', output: [] });
  const place = { content_index: 0, item_id: MESSAGE.id, output_index: 2 };
  const [part] = MESSAGE.content;
  return [
    { type: 'response.created', response: begun },
    { type: 'response.in_progress', response: begun },
    ...[SEARCH, CODE].flatMap((item, index) => [
      { type: 'response.output_item.added', item, output_index: index },
      { type: 'response.output_item.done', item, output_index: index },
    ]),
    {
      type: 'response.output_item.added',
      item: { ...MESSAGE, status: 'in_progress', content: [] },
      output_index: 2,
    },
    {
      type: 'response.content_part.added',
      ...place,
      part: { ...part, text: '', annotations: [] },
    },
    ...[...SPARSE_TEXT].map((delta) => ({
      type: 'response.output_text.delta',
      ...place,
      delta,
      logprobs: [],
    })),
    {
      type: 'response.output_text.annotation.added',
      annotation: CITATION,
      annotation_index: 0,
      ...place,
    },
    { type: 'response.output_text.done', ...place, text: SPARSE_TEXT },
    { type: 'response.content_part.done', ...place, part },
    { type: 'response.output_item.done', item: MESSAGE, output_index: 2 },
    { type: 'response.completed', response: sparseResponse() },
  ].map((event, index) => ({ sequence_number: index, ...event }));
}
