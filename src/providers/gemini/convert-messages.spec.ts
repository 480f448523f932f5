import { describe, expect, it } from 'vitest';
import { createInstance, createTarget } from '../../../test/support/provider-fixtures.js';
import type { ChatMessage } from '../chat/chat-api.js';
import { PIXEL } from '../chat/chat-field-samples.contract.js';
import { TranslationReport } from '../contract/translation.js';
import { convertMessages } from './convert-messages.js';
import { findGeminiFamily } from './gemini-models.js';

function convert(messages: ChatMessage[], model = 'gemini-2.5-flash') {
  const translation = new TranslationReport();
  const target = createTarget(createInstance('https://vendor.example/v1beta'), { translation });
  const converted = convertMessages(messages, findGeminiFamily(model), target);
  return { ...converted, report: translation.toString() };
}

const user = (content: ChatMessage['content'] = 'Hello'): ChatMessage => ({
  role: 'user',
  content,
});
const calling = (ids: readonly string[], more: object = {}): ChatMessage => ({
  role: 'assistant',
  content: null,
  tool_calls: ids.map((id) => ({
    id,
    type: 'function' as const,
    function: { name: `tool_${id}`, arguments: `{"of":"${id}"}` },
    ...more,
  })),
});
const result = (id: string, content: ChatMessage['content'] = 'done'): ChatMessage => ({
  role: 'tool',
  tool_call_id: id,
  content,
});
const signed = (signature: string) => ({
  extra_content: { google: { thought_signature: signature } },
});
const image = { type: 'image_url', image_url: { url: PIXEL } };
const pixel = { mimeType: 'image/png', data: PIXEL.slice(PIXEL.indexOf(',') + 1) };

describe(convertMessages, () => {
  describe('turns', () => {
    it('keeps instructions out of the conversation', () => {
      const { contents, systemInstruction } = convert([
        { role: 'system', content: 'Be brief.' },
        { role: 'developer', content: [{ type: 'text', text: 'Be kind.' }] },
        user(),
      ]);
      expect(systemInstruction).toEqual({ parts: [{ text: 'Be brief.' }, { text: 'Be kind.' }] });
      expect(contents).toEqual([{ role: 'user', parts: [{ text: 'Hello' }] }]);
    });

    it('makes a later instruction the words of the user', () => {
      const { contents, report } = convert([
        user('One'),
        { role: 'assistant', content: 'Two' },
        { role: 'system', content: 'Three' },
        user('Four'),
      ]);
      expect(contents).toEqual([
        { role: 'user', parts: [{ text: 'One' }] },
        { role: 'model', parts: [{ text: 'Two' }] },
        { role: 'user', parts: [{ text: 'Three' }, { text: 'Four' }] },
      ]);
      expect(report).toBe('messages.system=approximated');
    });

    it('puts instructions before the first words where the family takes none', () => {
      const { contents, systemInstruction, report } = convert(
        [{ role: 'system', content: 'Be brief.' }, user()],
        'gemma-3-27b-it',
      );
      expect(systemInstruction).toBeUndefined();
      expect(contents).toEqual([
        { role: 'user', parts: [{ text: 'Be brief.' }, { text: 'Hello' }] },
      ]);
      expect(report).toBe('messages.system=emulated');
    });

    it('begins with the user, also when nobody asked anything', () => {
      expect(convert([{ role: 'system', content: 'Say hello.' }])).toMatchObject({
        contents: [{ role: 'user', parts: [{ text: 'Say hello.' }] }],
      });
      const { contents } = convert([{ role: 'assistant', content: 'Hi' }, user()]);
      expect(contents.map(({ role }) => role)).toEqual(['user', 'model', 'user']);
    });

    it('leaves out messages that say nothing', () => {
      const { contents } = convert([
        user('One'),
        { role: 'assistant', content: null },
        { role: 'assistant', content: '' },
        user([{ type: 'text', text: '' }]),
        user('Two'),
      ]);
      expect(contents).toEqual([{ role: 'user', parts: [{ text: 'One' }, { text: 'Two' }] }]);
    });

    it.each([
      [[], 'messages'],
      [[user('')], 'messages'],
      [[{ role: 'wizard', content: 'a' }], 'messages[0].role'],
      [[user(), result('unknown')], 'messages[1].tool_call_id'],
      [[user([{ type: 'hologram' }])], 'messages[0].content[0]'],
      [
        [user([{ type: 'file', file: { file_id: 'file-1' } }])],
        'messages[0].content[0].file.file_id',
      ],
      [
        [user([{ type: 'image_url', image_url: { url: 'data:nonsense' } }])],
        'messages[0].content[0].image_url',
      ],
    ])('refuses %j', (messages, param) => {
      expect(() => convert(messages)).toThrow(expect.objectContaining({ kind: 'rejected', param }));
    });
  });

  describe('tools', () => {
    it('answers parallel calls in one turn, in their order and by name', () => {
      const { contents } = convert([
        user(),
        calling(['a', 'b']),
        result('b', '{"ok":true,"id":12345678901234567890}'),
        result('a', '[1]'),
        user('And?'),
      ]);
      expect(contents).toHaveLength(3);
      expect(contents[1]).toEqual({
        role: 'model',
        parts: [
          { functionCall: { id: 'a', name: 'tool_a', args: { of: 'a' } } },
          { functionCall: { id: 'b', name: 'tool_b', args: { of: 'b' } } },
        ],
      });
      expect(JSON.stringify(contents[2])).toBe(
        '{"role":"user","parts":[' +
          '{"functionResponse":{"id":"a","name":"tool_a","response":{"content":"[1]"}}},' +
          '{"functionResponse":{"id":"b","name":"tool_b","response":{"ok":true,"id":12345678901234567890}}},' +
          '{"text":"And?"}]}',
      );
    });

    it('finds the call of its own turn where ids come again', () => {
      const again: ChatMessage = {
        ...calling(['call_0']),
        tool_calls: [
          { id: 'call_0', type: 'function', function: { name: 'other', arguments: '' } },
        ],
      };
      const { contents } = convert([
        user(),
        calling(['call_0']),
        result('call_0'),
        again,
        result('call_0'),
      ]);
      const names = contents.flatMap(({ parts }) =>
        parts.flatMap(({ functionResponse }) => functionResponse?.name ?? []),
      );
      expect(names).toEqual(['tool_call_0', 'other']);
      expect(contents[3]?.parts[0]?.functionCall?.args).toEqual({});
    });

    it.each(['not json', '[1]', '"text"'])('puts arguments %s into an object', (text) => {
      const message = calling(['a']);
      message.tool_calls![0]!.function!.arguments = text;
      const { contents, report } = convert([user(), message, result('a')]);
      expect(contents[1]?.parts[0]?.functionCall?.args).toEqual({
        input: text === 'not json' ? text : JSON.parse(text),
      });
      expect(report).toContain('messages.tool_calls=approximated');
    });

    it.each([
      [
        'gemini-3-flash-preview',
        'mapped',
        [{ functionResponse: expect.objectContaining({ parts: [{ inlineData: pixel }] }) }],
      ],
      [
        'gemini-2.5-flash',
        'emulated',
        [{ functionResponse: expect.not.objectContaining({ parts: [] }) }, { inlineData: pixel }],
      ],
    ])('carries images in results for %s', (model, outcome, parts) => {
      const { contents, report } = convert(
        [user(), calling(['a']), result('a', [{ type: 'text', text: 'See' }, image])],
        model,
      );
      expect(contents[2]?.parts).toEqual(parts);
      expect(contents[2]?.parts[0]?.functionResponse?.response).toEqual({ content: 'See' });
      expect(report).toContain(`messages.tool.image_url=${outcome}`);
    });

    it('takes the older form of calls and answers', () => {
      const { contents } = convert([
        user(),
        { role: 'assistant', content: null, function_call: { name: 'a', arguments: '{}' } },
        { role: 'function', name: 'a', content: 'done' },
      ]);
      expect(contents.slice(1)).toEqual([
        { role: 'model', parts: [{ functionCall: { name: 'a', args: {} } }] },
        {
          role: 'user',
          parts: [{ functionResponse: { name: 'a', response: { content: 'done' } } }],
        },
      ]);
    });
  });

  describe('signatures', () => {
    const signaturesOf = (messages: ChatMessage[], model: string) =>
      convert(messages, model).contents.flatMap(({ role, parts }) =>
        role === 'model' ? parts.map(({ thoughtSignature }) => thoughtSignature) : [],
      );
    const skip = 'skip_thought_signature_validator';

    it('go back on the call that they came with', () => {
      const message = calling(['a', 'b']);
      Object.assign(message.tool_calls![0]!, signed('sig-a'));
      const { contents, report } = convert([user(), message], 'gemini-3-pro-preview');
      expect(contents[1]?.parts).toEqual([
        expect.objectContaining({ thoughtSignature: 'sig-a' }),
        expect.not.objectContaining({ thoughtSignature: expect.anything() }),
      ]);
      expect(report).toContain('messages.reasoning=mapped');
    });

    it('are skipped on the first call of each step of this turn, where they were lost', () => {
      const messages = [
        user(),
        calling(['old']),
        result('old'),
        user('Again'),
        calling(['a', 'b']),
        result('a'),
        result('b'),
        calling(['c'], signed('sig-c')),
        result('c'),
        calling(['d']),
        result('d'),
      ];
      expect(signaturesOf(messages, 'gemini-3-flash-preview')).toEqual([
        undefined,
        skip,
        undefined,
        'sig-c',
        skip,
      ]);
      expect(signaturesOf(messages, 'gemini-2.5-flash')).not.toContain(skip);
    });

    const detail = (data: string, more: object = {}) => ({
      type: 'reasoning.encrypted',
      data,
      format: 'google-gemini-v1',
      index: 0,
      ...more,
    });

    it('go back on the last text, or by themselves where there is none', () => {
      const withDetails = (content: string, ...reasoning_details: object[]): ChatMessage => ({
        role: 'assistant',
        content,
        reasoning_details,
      });
      const { contents } = convert([
        user(),
        withDetails('Hi', detail('one'), detail('two')),
        user(),
        withDetails('', detail('three')),
      ]);
      expect(contents[1]?.parts).toEqual([
        { text: '', thoughtSignature: 'one' },
        { text: 'Hi', thoughtSignature: 'two' },
      ]);
      expect(contents[3]?.parts).toEqual([{ text: '', thoughtSignature: 'three' }]);
    });

    it('are also found under the id of their call', () => {
      const message = { ...calling(['a']), reasoning_details: [detail('sig-a', { id: 'a' })] };
      expect(signaturesOf([user(), message], 'gemini-3-flash-preview')).toEqual(['sig-a']);
    });

    it('of others, and bare thoughts, are left out', () => {
      const { contents, report } = convert([
        user(),
        {
          role: 'assistant',
          content: 'Hi',
          reasoning_content: 'They greet.',
          reasoning_details: [detail('theirs', { format: 'anthropic-claude-v1' })],
        },
        user(),
      ]);
      expect(contents[1]?.parts).toEqual([{ text: 'Hi' }]);
      expect(report).toBe('messages.reasoning=dropped');
    });
  });

  describe('content', () => {
    it.each([
      [image, { inlineData: pixel }, 'messages.image_url.data=mapped'],
      [
        { type: 'image_url', image_url: { url: 'data:text/plain,a%20b', detail: 'high' } },
        { inlineData: { mimeType: 'text/plain', data: 'YSBi' } },
        'messages.image_url.detail=dropped,messages.image_url.data=mapped',
      ],
      [
        { type: 'image_url', image_url: { url: 'https://youtu.be/abc', detail: 'auto' } },
        { fileData: { fileUri: 'https://youtu.be/abc' } },
        'messages.image_url.url=mapped',
      ],
      [
        { type: 'input_audio', input_audio: { data: 'UklG', format: 'mp3' } },
        { inlineData: { mimeType: 'audio/mp3', data: 'UklG' } },
        'messages.input_audio=mapped',
      ],
      [
        { type: 'file', file: { file_data: 'data:Application/PDF;base64,JVBE' } },
        { inlineData: { mimeType: 'application/pdf', data: 'JVBE' } },
        'messages.file.file_data=mapped',
      ],
      [
        { type: 'file', file: { file_id: 'files/abc-1' } },
        { fileData: { fileUri: 'https://vendor.example/v1beta/files/abc-1' } },
        'messages.file.file_id=mapped',
      ],
      [
        { type: 'text', text: 'Long', cache_control: { type: 'ephemeral' } },
        { text: 'Long' },
        'messages.cache_control=dropped',
      ],
    ])('%j', (part, expected, report) => {
      const converted = convert([user([part])]);
      expect(converted.contents[0]?.parts).toEqual([expected]);
      expect(converted.pending).toEqual([]);
      expect(converted.report).toBe(report);
    });

    it('leaves a place for what has to be fetched', () => {
      const url = 'https://images.example/a.png';
      const { contents, pending, report } = convert([
        user([{ type: 'image_url', image_url: { url } }]),
      ]);
      const blob = contents[0]?.parts[0]?.inlineData;
      expect(pending).toEqual([{ blob, url, path: 'messages[0].content[0].image_url' }]);
      expect(pending[0]?.blob).toBe(blob);
      expect(report).toBe('messages.image_url.url=emulated');
    });

    it('reports what messages have besides', () => {
      const { contents, report } = convert([
        { ...user(), name: 'ada', mood: 'gay', tags: [] },
        { role: 'assistant', content: null, refusal: 'No.', audio: { id: 'audio_1' } },
      ]);
      expect(contents[1]?.parts).toEqual([{ text: 'No.' }]);
      expect(report).toBe(
        'messages.name=dropped,messages.mood=dropped,messages.refusal=approximated,messages.audio=dropped',
      );
    });
  });
});
