import { describe, expect, it } from 'vitest';
import { FILLED_RESPONSES } from './repair-response.js';

const WHOLE = {
  id: 'resp_1',
  error: null,
  incomplete_details: null,
  instructions: null,
  metadata: {},
  temperature: 1,
  top_p: 1,
  output: [] as object[],
  tools: [] as object[],
};
const CITED = { type: 'url_citation', url: 'https://a.example/', title: 'A' };
const PLACED = { ...CITED, start_index: 3, end_index: 9 };
const CONTAINED = {
  type: 'code_interpreter_call',
  code: '1',
  container_id: 'c',
  outputs: [],
};

const message = (...annotations: object[]) => ({
  type: 'message',
  content: [{ type: 'output_text', text: 'Hi', annotations }],
});
const search = (members: object) => ({ type: 'web_search_call', status: 'completed', ...members });
const asked = (value: object) => ({ arguments: JSON.stringify(value) });

/** What is made of an item, whether it comes in a whole answer or in an event. */
function filledItem(item: object): unknown {
  const whole = FILLED_RESPONSES.response(JSON.stringify({ ...WHOLE, output: [item] }));
  const [inAnswer] = (JSON.parse(whole) as typeof WHOLE).output;
  const told = ['added', 'done'].map((step) => {
    const type = `response.output_item.${step}`;
    const event = FILLED_RESPONSES.event(type, JSON.stringify({ type, item }));
    return (JSON.parse(event) as { item: object }).item;
  });
  expect(told).toEqual([inAnswer, inAnswer]);
  return inAnswer;
}

const filledEvent = (event: { type: string }) =>
  JSON.parse(FILLED_RESPONSES.event(event.type, JSON.stringify(event))) as object;

describe('the repair of a response', () => {
  it.each<[string, object, object]>([
    [
      'a citation of an address alone',
      message({ type: 'url_citation', url: 'https://a.example/' }),
      message({ ...CITED, title: 'https://a.example/', start_index: 0, end_index: 0 }),
    ],
    [
      'a citation whose end is missing',
      message({ ...CITED, start_index: 3 }),
      message({ ...CITED, start_index: 3, end_index: 3 }),
    ],
    [
      'a citation with a title that is null',
      message({ ...PLACED, title: null }),
      message({ ...PLACED, title: CITED.url }),
    ],
    [
      'one of two citations',
      message(PLACED, CITED),
      message(PLACED, { ...CITED, start_index: 0, end_index: 0 }),
    ],
    [
      'a search',
      search(asked({ query: 'xAI', num_results: 5 })),
      search({
        ...asked({ query: 'xAI', num_results: 5 }),
        action: { type: 'search', query: 'xAI', queries: ['xAI'] },
      }),
    ],
    [
      'a page that was opened',
      search(asked({ url: 'https://a.example/', instructions: 'Sum up' })),
      search({
        ...asked({ url: 'https://a.example/', instructions: 'Sum up' }),
        action: { type: 'open_page', url: 'https://a.example/' },
      }),
    ],
    [
      'a search whose arguments cannot be read',
      search({ arguments: '{"query":' }),
      search({ arguments: '{"query":', action: { type: 'search' } }),
    ],
    ['a search without arguments', search({}), search({ action: { type: 'search' } })],
    [
      'code that was run',
      { type: 'code_interpreter_call', ...asked({ code: 'print(1)' }) },
      {
        type: 'code_interpreter_call',
        ...asked({ code: 'print(1)' }),
        code: 'print(1)',
        container_id: '',
        outputs: null,
      },
    ],
    [
      'code that is not told',
      { type: 'code_interpreter_call' },
      { type: 'code_interpreter_call', code: null, container_id: '', outputs: null },
    ],
  ])('fills in %s', (_what, given, expected) => {
    expect(filledItem(given)).toEqual(expected);
  });

  it.each<[string, object]>([
    ['a citation with title and place', message(PLACED)],
    ['a citation of a file', message({ type: 'file_citation', file_id: 'f' })],
    ['a search that says what it did', search({ action: { type: 'find_in_page', pattern: 'x' } })],
    ['a search that has just begun', search({ status: 'in_progress', arguments: '' })],
    ['a search that goes on', search({ status: 'searching' })],
    ['code in a container', CONTAINED],
    ['a tool of the vendor’s own', { type: 'x_search_call', ...asked({ query: 'xAI' }) }],
  ])('leaves %s alone', (_what, item) => {
    // Written as no serialiser would write it, so that writing it anew would show.
    const response = { ...WHOLE, output: [item] };
    const type = 'response.completed';
    const event = JSON.stringify({ type, response }, null, 1);
    expect(FILLED_RESPONSES.event(type, event)).toBe(event);
    const whole = JSON.stringify(response, null, 1);
    expect(FILLED_RESPONSES.response(whole)).toBe(whole);
  });

  it.each(['error', 'incomplete_details', 'instructions', 'metadata', 'temperature', 'top_p'])(
    'tells %s as null where it is not told',
    (name) => {
      const { [name as 'error']: _left, ...cut } = {
        ...WHOLE,
        // Others have members of these names too.
        tools: [{ type: 'function', parameters: { [name]: {} } }],
      };
      const filled = { ...cut, [name]: null };
      expect(JSON.parse(FILLED_RESPONSES.response(JSON.stringify(cut)))).toEqual(filled);
      for (const state of ['created', 'queued', 'in_progress', 'completed', 'incomplete']) {
        const type = `response.${state}`;
        expect(filledEvent({ type, response: cut } as never)).toEqual({ type, response: filled });
      }
    },
  );

  it('names no container where none was named', () => {
    const tools = [{ type: 'code_interpreter' }, { type: 'code_interpreter', container: 'c' }];
    const filled = FILLED_RESPONSES.response(JSON.stringify({ ...WHOLE, tools }));
    expect((JSON.parse(filled) as typeof WHOLE).tools).toEqual([
      { type: 'code_interpreter', container: { type: 'auto' } },
      tools[1],
    ]);
  });

  it.each(['delta', 'done'])('has probabilities in %s of a text', (step) => {
    const type = `response.output_text.${step}`;
    const delta = { type, delta: 'They are "logprobs": none' };
    expect(filledEvent(delta)).toEqual({ ...delta, logprobs: [] });
    const healthy = `{ "type": "${type}", "delta" : "H", "logprobs" : [ ] }`;
    expect(FILLED_RESPONSES.event(type, healthy)).toBe(healthy);
  });

  it.each<[string, object]>([
    ['response.output_text.annotation.added', { annotation: CITED }],
    ['response.content_part.added', { part: message(CITED).content[0]! }],
    ['response.content_part.done', { part: message(CITED).content[0]! }],
  ])('looks into %s', (type, members) => {
    expect(JSON.stringify(filledEvent({ type, ...members }))).toContain('"start_index":0');
  });

  it('keeps the order and the digits of what is there', () => {
    const json = '{"usage":{"cost":12345678901234567890,"share":0.12345678901234567},"id":"r"}';
    expect(FILLED_RESPONSES.response(json)).toBe(
      json.slice(0, -1) +
        ',"error":null,"incomplete_details":null,"instructions":null,"metadata":null,"temperature":null,"top_p":null}',
    );
  });

  it.each([
    ['response.completed', '[]'],
    ['response.completed', '{"response":'],
    ['response.output_text.delta', '{"delta":'],
  ])('throws at %s that is %s', (type, json) => {
    expect(() => FILLED_RESPONSES.event(type, json)).toThrow();
  });

  it.each([
    ['response.completed', '{"response":null}'],
    ['response.output_item.done', '{"item":"web_search_call"}'],
    ['response.output_text.delta', '"text"'],
    ['response.of_tomorrow', '{"url_citation":'],
  ])('hands on %s that is %s', (type, json) => {
    expect(FILLED_RESPONSES.event(type, json)).toBe(json);
  });
});
