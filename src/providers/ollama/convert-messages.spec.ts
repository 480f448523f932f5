import { describe, expect, it } from 'vitest';
import type { ChatMessage } from '../chat/chat-api.js';
import { TranslationReport } from '../contract/translation.js';
import { convertMessages } from './convert-messages.js';

function convert(messages: ChatMessage[]) {
  const report = new TranslationReport();
  return { messages: convertMessages(messages, report), report: report.toString() };
}

const call = (id: string, name: string, text: string) => ({
  id,
  type: 'function' as const,
  function: { name, arguments: text },
});
const turn = (...calls: ReturnType<typeof call>[]): ChatMessage => ({
  role: 'assistant',
  content: null,
  tool_calls: calls,
});
const user = (...content: object[]): ChatMessage => ({
  role: 'user',
  content: content as { type: string }[],
});
const data = (type: string, text: string) =>
  `data:${type};base64,${Buffer.from(text).toString('base64')}`;

describe(convertMessages, () => {
  it('keeps the conversation in its order', () => {
    const messages = [
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: 'Hello' },
      { role: 'assistant', content: 'Hi' },
      { role: 'user', content: '' },
    ];
    expect(convert(messages)).toEqual({ messages, report: '' });
  });

  it('makes a developer a system', () => {
    expect(convert([{ role: 'developer', content: 'Be brief.' }])).toEqual({
      messages: [{ role: 'system', content: 'Be brief.' }],
      report: 'messages.developer=mapped',
    });
  });

  it('never sends content that is null', () => {
    const { messages } = convert([
      { role: 'assistant', content: null },
      { role: 'assistant' },
      turn(call('a', 'f', '{}')),
    ]);
    expect(messages.map(({ content }) => content)).toEqual(['', '', '']);
  });

  it('gives results the names of their tools, also when ids come back', () => {
    const { messages, report } = convert([
      turn(call('call_1', 'weather', '{"city":"Rome"}'), call('call_2', 'time', '{}')),
      { role: 'tool', tool_call_id: 'call_2', content: '12:00' },
      { role: 'tool', tool_call_id: 'call_1', content: 'sunny' },
      turn(call('call_1', 'news', '{}')),
      { role: 'tool', tool_call_id: 'call_1', content: 'none' },
      { role: 'tool', tool_call_id: 'call_9', name: 'lost', content: '?' },
      { role: 'tool', tool_call_id: 'call_8', content: '?' },
    ]);
    expect(messages[0]).toEqual({
      role: 'assistant',
      content: '',
      tool_calls: [
        { id: 'call_1', function: { index: 0, name: 'weather', arguments: { city: 'Rome' } } },
        { id: 'call_2', function: { index: 1, name: 'time', arguments: {} } },
      ],
    });
    expect(messages.filter(({ role }) => role === 'tool')).toEqual([
      { role: 'tool', content: '12:00', tool_name: 'time', tool_call_id: 'call_2' },
      { role: 'tool', content: 'sunny', tool_name: 'weather', tool_call_id: 'call_1' },
      { role: 'tool', content: 'none', tool_name: 'news', tool_call_id: 'call_1' },
      { role: 'tool', content: '?', tool_name: 'lost', tool_call_id: 'call_9' },
      { role: 'tool', content: '?', tool_call_id: 'call_8' },
    ]);
    expect(report).toBe('messages.tool_calls=mapped,messages.tool=mapped');
  });

  it.each([
    ['', '{}', 'mapped'],
    ['{"a":1}', '{"a":1}', 'mapped'],
    ['{"id":12345678901234567890}', '{"id":12345678901234567890}', 'mapped'],
    ['{"__proto__":{"a":1}}', '{"__proto__":{"a":1}}', 'mapped'],
    ['{"a":', '{"input":"{\\"a\\":"}', 'approximated'],
    ['[1]', '{"input":[1]}', 'approximated'],
    ['"text"', '{"input":"text"}', 'approximated'],
  ])('makes an object of the arguments %s', (text, expected, outcome) => {
    const { messages, report } = convert([turn(call('a', 'f', text))]);
    expect(JSON.stringify(messages[0]?.tool_calls?.[0]?.function.arguments)).toBe(expected);
    expect(report).toBe(`messages.tool_calls=${outcome}`);
  });

  it('understands functions of old', () => {
    const { messages, report } = convert([
      { role: 'assistant', content: null, function_call: { name: 'f', arguments: '{"a":1}' } },
      { role: 'function', name: 'f', content: 'done' },
    ]);
    expect(messages).toEqual([
      {
        role: 'assistant',
        content: '',
        tool_calls: [{ function: { index: 0, name: 'f', arguments: { a: 1 } } }],
      },
      { role: 'tool', content: 'done', tool_name: 'f' },
    ]);
    expect(report).toContain('messages.function=mapped');
  });

  it('takes calls of custom tools as calls with one input', () => {
    const input = { name: 'note', input: 'Hi' };
    const { messages, report } = convert([
      {
        role: 'assistant',
        content: null,
        tool_calls: [{ id: 'a', type: 'custom', custom: input }],
      },
      { role: 'tool', tool_call_id: 'a', content: 'ok' },
    ]);
    expect(messages[0]?.tool_calls).toEqual([
      { id: 'a', function: { index: 0, name: 'note', arguments: { input: 'Hi' } } },
    ]);
    expect(messages[1]).toMatchObject({ tool_name: 'note' });
    expect(report).toContain('messages.tool_calls.custom=approximated');
  });

  it.each<[string, Partial<ChatMessage>, object, string]>([
    [
      'its text',
      { reasoning_content: 'Hm' },
      { thinking: 'Hm', content: 'x' },
      'messages.reasoning=mapped',
    ],
    [
      'its text under another name',
      { reasoning: 'Hm' },
      { thinking: 'Hm', content: 'x' },
      'messages.reasoning=mapped',
    ],
    [
      'none',
      { reasoning_content: null, reasoning_details: [], refusal: null },
      { content: 'x' },
      '',
    ],
    [
      'its text, without what another vendor signed',
      { reasoning_content: 'Hm', reasoning_details: [{ type: 'reasoning.text', index: 0 }] },
      { thinking: 'Hm', content: 'x' },
      'messages.reasoning=dropped',
    ],
    [
      'a refusal as text',
      { content: null, refusal: 'No.' },
      { content: 'No.' },
      'messages.refusal=approximated',
    ],
    ['no sound of its own', { audio: { id: 'a' } }, { content: 'x' }, 'messages.audio=dropped'],
    [
      'nothing that nobody knows',
      { annotations: [{}], mood: 'good' },
      { content: 'x' },
      'messages.annotations=dropped,messages.mood=dropped',
    ],
  ])('gives a turn %s', (_name, more, expected, report) => {
    expect(convert([{ role: 'assistant', content: 'x', ...more }])).toEqual({
      messages: [{ role: 'assistant', ...expected }],
      report,
    });
  });

  it('leaves out the signature of a call', () => {
    const signed = { ...call('a', 'f', '{}'), extra_content: { google: { signature: 'x' } } };
    const { messages, report } = convert([turn(signed)]);
    expect(JSON.stringify(messages)).not.toContain('signature');
    expect(report).toBe('messages.reasoning=dropped,messages.tool_calls=mapped');
  });

  describe('content parts', () => {
    it('are one text, with the pictures beside it', () => {
      const { messages, report } = convert([
        user(
          { type: 'text', text: 'What ' },
          { type: 'image_url', image_url: { url: 'data:image/png;base64,AA==', detail: 'low' } },
          { type: 'text', text: 'is this?', cache_control: { type: 'ephemeral' } },
          { type: 'image_url', image_url: 'https://images.example/a.png' },
          { type: 'input_audio', input_audio: { data: 'UklGRg==', format: 'wav' } },
        ),
      ]);
      expect(messages).toEqual([
        {
          role: 'user',
          content: 'What is this?',
          images: [
            { url: 'data:image/png;base64,AA==', path: 'messages[0].content[1].image_url' },
            { url: 'https://images.example/a.png', path: 'messages[0].content[3].image_url' },
            'UklGRg==',
          ],
        },
      ]);
      expect(report.split(',').toSorted()).toEqual([
        'messages.cache_control=dropped',
        'messages.image_url.data=mapped',
        'messages.image_url.detail=dropped',
        'messages.image_url.url=emulated',
        'messages.input_audio=mapped',
        'messages.text=mapped',
      ]);
    });

    it('of a result may be pictures', () => {
      const { messages, report } = convert([
        {
          role: 'tool',
          tool_call_id: 'a',
          content: [
            { type: 'text', text: 'See' },
            { type: 'image_url', image_url: { url: 'data:image/png;base64,AA==' } },
          ],
        },
      ]);
      expect(messages[0]).toMatchObject({ content: 'See', images: [{ path: expect.any(String) }] });
      expect(report).toContain('messages.tool.image_url=mapped');
    });

    it.each([
      ['text', data('text/plain; charset=utf-8', 'Größe'), { content: 'Größe' }, 'emulated'],
      [
        'a picture',
        data('image/png', 'x'),
        {
          content: '',
          images: [{ url: data('image/png', 'x'), path: 'messages[0].content[0].file.file_data' }],
        },
        'mapped',
      ],
    ])('may be a file with %s', (_name, file_data, expected, outcome) => {
      expect(convert([user({ type: 'file', file: { filename: 'a', file_data } })])).toEqual({
        messages: [{ role: 'user', ...expected }],
        report: `messages.file.file_data=${outcome}`,
      });
    });

    it.each([
      ['file.file_data', { type: 'file', file: { file_data: data('application/pdf', 'x') } }],
      ['file.file_id', { type: 'file', file: { file_id: 'file-1' } }],
      ['image_url', { type: 'image_url', image_url: {} }],
      ['input_audio', { type: 'input_audio' }],
    ])('are refused when they cannot be read: %s', (member, part) => {
      expect(() => convert([user(part)])).toThrow(
        expect.objectContaining({
          kind: 'rejected',
          status: 400,
          param: `messages[0].content[0].${member}`,
        }),
      );
    });

    it('of an unknown type are refused', () => {
      expect(() => convert([user({ type: 'video_url' })])).toThrow(
        expect.objectContaining({ param: 'messages[0].content[0]' }),
      );
    });
  });

  it.each([
    ['messages[0].role', { role: 'narrator', content: 'x' }],
    ['messages[0].tool_calls[0]', { role: 'assistant', tool_calls: [{ id: 'a' } as never] }],
  ])('refuses a mistake at %s', (param, message) => {
    expect(() => convert([message])).toThrow(expect.objectContaining({ status: 400, param }));
  });
});
