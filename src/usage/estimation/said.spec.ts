import { describe, expect, it } from 'vitest';
import { MOST_CHARACTERS, said } from './said.js';

const textOf = (value: unknown): string => said(value).pieces.join('|');

describe(said.name, () => {
  it.each([
    [
      'messages of chat, pictures and ids left out',
      {
        messages: [
          { role: 'system', content: 'Be brief' },
          {
            role: 'user',
            content: [
              { type: 'text', text: 'Look' },
              { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } },
            ],
          },
          {
            role: 'assistant',
            tool_calls: [{ id: 'c', function: { name: 'f', arguments: '{}' } }],
          },
          { role: 'tool', tool_call_id: 'c', content: 'done' },
        ],
      },
      'Be brief|Look|{}|done',
    ],
    ['tools as models are shown them', { tools: [{ name: 'f' }] }, '{"name":"f"}'],
    [
      'blocks of messages',
      {
        system: 'S',
        messages: [
          {
            role: 'user',
            content: [
              { type: 'tool_use', id: 't', name: 'f', input: { city: 'Bern' } },
              { type: 'image', source: { type: 'base64', data: 'AAAA' } },
              { type: 'thinking', thinking: 'Hm', signature: 'xyz' },
            ],
          },
        ],
      },
      'S|{"city":"Bern"}|Hm',
    ],
    ['lists of texts, and no numbers', { prompt: ['a', 'b'], input: [1, 2, 'c'] }, 'a|b|c'],
    [
      'a chunk of chat',
      { id: 'x', model: 'm', choices: [{ delta: { role: 'assistant', content: 'Hi' } }] },
      'Hi',
    ],
    [
      'an event of responses',
      { type: 'response.output_text.delta', item_id: 'i', delta: 'Hi' },
      'Hi',
    ],
    [
      'an event of messages',
      { type: 'content_block_delta', delta: { type: 'input_json_delta', partial_json: '{"a' } },
      '{"a',
    ],
    ['nothing', undefined, ''],
  ])('takes %s', (_what, value, text) => {
    expect(textOf(value)).toBe(text);
  });

  it('stops where enough has been taken, and says so', () => {
    const messages = Array.from({ length: 40 }, () => ({ content: 'x'.repeat(10_000) }));
    const taken = said({ messages });
    expect(taken).toMatchObject({ characters: MOST_CHARACTERS, isWhole: false });
    expect(taken.pieces.join('')).toHaveLength(MOST_CHARACTERS);
    expect(said({ messages: messages.slice(0, 2) })).toMatchObject({
      characters: 20_000,
      isWhole: true,
    });
  });
});
