import { describe, expect, it } from 'vitest';
import { Breaches } from './breaches.js';
import { checkChatGrammar } from './chat-grammar.js';
import { checkMessagesGrammar } from './messages-grammar.js';
import { checkResponsesGrammar } from './responses-grammar.js';
import { readRecords, type SentRecord } from './sent-records.js';

type Event = Record<string, unknown>;
type Check = (records: readonly SentRecord[], breaches: Breaches) => void;

function rulesOf(check: Check, text: string): string[] {
  const breaches = new Breaches();
  check(readRecords(new TextEncoder().encode(text), breaches), breaches);
  return breaches.rules;
}

function write(events: readonly Event[], isNamed: boolean): string {
  const record = (event: Event) =>
    `${isNamed ? `event: ${String(event['type'])}\n` : ''}data: ${JSON.stringify(event)}\n\n`;
  return events.map(record).join('');
}

/** Each a change to a healthy stream, and the rule that it breaks. */
type Change = [rule: string, change: (events: Event[]) => Event[]];

describe(checkChatGrammar, () => {
  const check: Check = (records, breaches) => {
    checkChatGrammar(records, { object: 'chat.completion.chunk', wantsUsage: true }, breaches);
  };
  const chunk = (delta: object, finish: string | null = null, more: object = {}): Event => ({
    id: 'chatcmpl-1',
    created: 1_700_000_000,
    model: 'm',
    object: 'chat.completion.chunk',
    choices: [{ index: 0, delta, finish_reason: finish }],
    usage: null,
    ...more,
  });
  const call = (piece: object) => chunk({ tool_calls: [piece] });
  const HEALTHY = [
    chunk({ role: 'assistant', content: '' }),
    call({ index: 0, id: 'c', type: 'function', function: { name: 'f', arguments: '{' } }),
    call({ index: 0, function: { arguments: '}' } }),
    chunk({}, 'tool_calls'),
    chunk({}, null, { choices: [], usage: {} }),
  ];
  const DONE = 'data: [DONE]\n\n';

  it('finds nothing in a healthy stream', () => {
    expect(rulesOf(check, write(HEALTHY, false) + DONE)).toEqual([]);
  });

  it.each<Change>([
    ['constant id', (events) => events.with(1, { ...events[1], id: 'another' })],
    ['constant created', (events) => events.with(1, { ...events[1], created: 1_700_000_001 })],
    ['created in seconds', (events) => events.map((each) => ({ ...each, created: 1.7e12 }))],
    ['role once', (events) => events.with(2, chunk({ role: 'assistant' }))],
    ['role in the first delta', (events) => events.slice(1)],
    ['nothing after the finish', (events) => events.toSpliced(4, 0, chunk({}, 'stop'))],
    ['a finish for each choice', (events) => events.toSpliced(3, 1)],
    ['calls are told by the finish reason', (events) => events.with(3, chunk({}, 'stop'))],
    ['dense indexes of calls', (events) => events.with(2, call({ index: 2 }))],
    ['id, type and name of a call once', (events) => events.with(2, events[1]!)],
    ['arguments of a call are an object', (events) => events.toSpliced(2, 1)],
    ['usage in the last chunk', (events) => events.slice(0, -1)],
    ['usage once', (events) => [...events, events.at(-1)!]],
  ])('%s', (rule, change) => {
    expect(rulesOf(check, write(change(HEALTHY), false) + DONE)).toContain(rule);
  });

  it.each([
    ['ends with [DONE]', write(HEALTHY, false)],
    ['one [DONE]', write(HEALTHY, false) + DONE + DONE],
    ['ends with [DONE]', `${write(HEALTHY, false)}${DONE}data: {}\n\n`],
    ['no event names', write(HEALTHY, true) + DONE],
    ['framing: ends with a whole record', `${write(HEALTHY, false)}data: [DONE]\n`],
    ['framing: one record is one line of data', `${write(HEALTHY, false)}id: 1\n${DONE}`],
  ])('%s (bytes)', (rule, text) => {
    expect(rulesOf(check, text)).toContain(rule);
  });
});

describe(checkMessagesGrammar, () => {
  const delta = (index: number, told: object): Event => ({
    type: 'content_block_delta',
    index,
    delta: told,
  });
  const SIGNATURE = delta(0, { type: 'signature_delta', signature: 's' });
  const HEALTHY: Event[] = [
    {
      type: 'message_start',
      message: {
        id: 'msg_1',
        type: 'message',
        role: 'assistant',
        model: 'm',
        content: [],
        stop_reason: null,
        usage: { input_tokens: 1, output_tokens: 0 },
      },
    },
    { type: 'content_block_start', index: 0, content_block: { type: 'thinking', thinking: '' } },
    delta(0, { type: 'thinking_delta', thinking: 'Hm' }),
    SIGNATURE,
    { type: 'content_block_stop', index: 0 },
    { type: 'ping' },
    { type: 'content_block_start', index: 1, content_block: { type: 'text', text: '' } },
    delta(1, { type: 'text_delta', text: 'Hi' }),
    { type: 'content_block_stop', index: 1 },
    { type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 2 } },
    { type: 'message_stop' },
  ];

  it('finds nothing in a healthy stream', () => {
    expect(rulesOf(checkMessagesGrammar, write(HEALTHY, true))).toEqual([]);
  });

  it.each<Change>([
    ['begins with message_start', (events) => events.slice(1)],
    ['ends with message_stop', (events) => events.slice(0, -1)],
    ['start, delta and stop of a message', (events) => [...events, { type: 'message_stop' }]],
    ['every block is closed', (events) => events.toSpliced(8, 1)],
    ['one block is open at a time', (events) => events.toSpliced(4, 1)],
    ['dense indexes of blocks', (events) => events.with(8, { ...events[8], index: 2 })],
    ['a delta fits its block', (events) => events.toSpliced(7, 0, delta(1, SIGNATURE))],
    ['a signature is once and last', (events) => events.toSpliced(3, 0, SIGNATURE)],
    ['thinking is signed', (events) => events.toSpliced(3, 1)],
    ['usage at the end', (events) => events.with(9, { ...events[9], usage: {} })],
    ['a stop reason', (events) => events.with(9, { ...events[9], delta: {} })],
  ])('%s', (rule, change) => {
    expect(rulesOf(checkMessagesGrammar, write(change(HEALTHY), true))).toContain(rule);
  });
});

describe(checkResponsesGrammar, () => {
  const text = (value: string) => ({ type: 'output_text', text: value, annotations: [] });
  const item = { id: 'msg_1', type: 'message', role: 'assistant' };
  const done = { ...item, status: 'completed', content: [text('Hi')] };
  const place = { item_id: 'msg_1', output_index: 0, content_index: 0 };
  const response = (type: string, more: object): Event => ({
    type: `response.${type}`,
    response: {
      id: 'resp_1',
      object: 'response',
      created_at: 1,
      model: 'm',
      output: [],
      status: type === 'created' ? 'in_progress' : type,
      ...more,
    },
  });
  const HEALTHY: Event[] = [
    response('created', {}),
    response('in_progress', {}),
    { type: 'response.output_item.added', output_index: 0, item: { ...item, content: [] } },
    { type: 'response.content_part.added', ...place, part: text('') },
    { type: 'response.output_text.delta', ...place, delta: 'H' },
    { type: 'response.output_text.delta', ...place, delta: 'i' },
    { type: 'response.output_text.done', ...place, text: 'Hi' },
    { type: 'response.content_part.done', ...place, part: text('Hi') },
    { type: 'response.output_item.done', output_index: 0, item: done },
    response('completed', { output: [done], usage: {} }),
  ];
  const numbered = (events: readonly Event[]) =>
    events.map((event, index) => ({ ...event, sequence_number: index }));

  it('finds nothing in a healthy stream', () => {
    expect(rulesOf(checkResponsesGrammar, write(numbered(HEALTHY), true))).toEqual([]);
  });

  it.each<Change>([
    ['begins with response.created', (events) => events.slice(1)],
    ['one terminal event', (events) => [...events, events.at(-1)!]],
    ['one terminal event', (events) => events.slice(0, -1)],
    ['nothing after the terminal event', (events) => [...events, events[4]!]],
    ['dense indexes of items', (events) => events.with(2, { ...events[2], output_index: 1 })],
    ['stable ids of items', (events) => events.with(4, { ...events[4], item_id: 'another' })],
    ['every item is told to be done', (events) => events.toSpliced(8, 1)],
    ['dense indexes of parts', (events) => events.with(3, { ...events[3], content_index: 1 })],
    ['a text is what its deltas add up to', (events) => events.toSpliced(5, 1)],
    ['a text belongs to an open part', (events) => events.toSpliced(3, 1)],
    ['every part is closed', (events) => events.toSpliced(7, 1)],
    [
      'an item is what its parts add up to',
      (events) => events.with(7, { ...events[7], part: text('Ho') }),
    ],
    [
      'the response is what the items add up to',
      (events) => events.with(9, response('completed', { usage: {} })),
    ],
  ])('%s', (rule, change) => {
    expect(rulesOf(checkResponsesGrammar, write(numbered(change(HEALTHY)), true))).toContain(rule);
  });

  it('contiguous sequence numbers from 0', () => {
    const late = numbered(HEALTHY).map((event) => ({ ...event, sequence_number: 7 }));
    expect(rulesOf(checkResponsesGrammar, write(late, true))).toEqual([
      'contiguous sequence numbers from 0',
    ]);
  });
});
