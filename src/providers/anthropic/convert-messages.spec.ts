import { describe, expect, it } from 'vitest';
import type { ChatMessage, ContentPart } from '../chat/chat-api.js';
import { TranslationReport } from '../contract/translation.js';
import { convertMessages } from './convert-messages.js';

const HI: ChatMessage = { role: 'user', content: 'Hi' };

function convert(messages: ChatMessage[], keepsThinking = true) {
  const translation = new TranslationReport();
  return {
    ...convertMessages(messages, keepsThinking, translation),
    report: translation.toString(),
  };
}

function calls(...ids: string[]): ChatMessage {
  return {
    role: 'assistant',
    content: null,
    tool_calls: ids.map((id) => ({
      id,
      type: 'function',
      function: { name: 'f', arguments: '{"a":1}' },
    })),
  };
}

function result(id: string, content: string | ContentPart[] = `of ${id}`): ChatMessage {
  return { role: 'tool', tool_call_id: id, content };
}

const text = (value: string) => ({ type: 'text', text: value });
const toolUse = (id: string, input: object = { a: 1 }) => ({
  type: 'tool_use',
  id,
  name: 'f',
  input,
});
const toolResult = (id: string, content: unknown = `of ${id}`) => ({
  type: 'tool_result',
  tool_use_id: id,
  content,
});

describe(convertMessages, () => {
  it('puts what leads the conversation into the system, and the rest into it', () => {
    const { system, turns, report } = convert([
      { role: 'system', content: 'One' },
      { role: 'developer', content: [{ type: 'text', text: 'Two' }] },
      HI,
      { role: 'system', content: 'Three' },
    ]);
    expect(system).toEqual([text('One'), text('Two')]);
    expect(turns).toEqual([
      { role: 'user', content: [text('Hi'), text('<system>\nThree\n</system>')] },
    ]);
    expect(report).toBe('messages.system=approximated,messages.developer=mapped');
  });

  it('asks what the system says when nobody else says anything', () => {
    const { system, turns } = convert([{ role: 'system', content: 'Write a poem' }]);
    expect(system).toEqual([]);
    expect(turns).toEqual([{ role: 'user', content: [text('Write a poem')] }]);
  });

  it('merges messages of one role into one turn, without empty ones', () => {
    const { turns } = convert([
      HI,
      { role: 'user', content: [{ type: 'text', text: ' ' }] },
      { role: 'user', content: 'there' },
      { role: 'assistant', content: '' },
      { role: 'assistant', content: 'Hello' },
      { role: 'assistant', content: '  \n' },
      { role: 'user', content: 'Well?' },
    ]);
    expect(turns).toEqual([
      { role: 'user', content: [text('Hi'), text('there')] },
      { role: 'assistant', content: [text('Hello')] },
      { role: 'user', content: [text('Well?')] },
    ]);
  });

  it('takes the white space from the end of what the model shall go on from', () => {
    const { turns } = convert([HI, { role: 'assistant', content: 'Once upon \n' }]);
    expect(turns[1]).toEqual({ role: 'assistant', content: [text('Once upon')] });
  });

  describe('tool calls', () => {
    it('gathers all results in one turn, ahead of what else is said in it', () => {
      const { turns, report } = convert([
        HI,
        calls('a', 'b'),
        { role: 'user', content: 'Quick!' },
        result('b'),
        result('a'),
      ]);
      expect(turns).toEqual([
        { role: 'user', content: [text('Hi')] },
        { role: 'assistant', content: [toolUse('a'), toolUse('b')] },
        { role: 'user', content: [toolResult('b'), toolResult('a'), text('Quick!')] },
      ]);
      expect(report).toBe('messages.tool_calls=mapped,messages.tool=mapped');
    });

    it('answers a call that was left without a result', () => {
      const { turns, report } = convert([HI, calls('a', 'b'), result('a'), HI, calls('c')]);
      const missing = { content: 'This call was not carried out.', is_error: true };
      expect(turns.slice(2)).toEqual([
        {
          role: 'user',
          content: [toolResult('a'), { ...toolResult('b'), ...missing }, text('Hi')],
        },
        { role: 'assistant', content: [toolUse('c')] },
        { role: 'user', content: [{ ...toolResult('c'), ...missing }] },
      ]);
      expect(report).toContain('messages.tool=emulated');
    });

    it.each([
      ['an unknown call', [HI, result('x')]],
      [
        'a call of an earlier turn',
        [HI, calls('x'), HI, { role: 'assistant', content: 'ok' }, result('x')],
      ],
      ['a call that has one', [HI, calls('x'), result('x', 'first'), result('x')]],
    ] as Array<[string, ChatMessage[]]>)('tells a result of %s as text', (_name, messages) => {
      const { turns, report } = convert(messages);
      expect(turns.at(-1)?.content.slice(-2)).toEqual([
        text('Result of the tool call x:'),
        text('of x'),
      ]);
      expect(report).toContain('messages.tool=');
    });

    it('gives calls ids that are allowed, and unique', () => {
      const { turns } = convert([HI, calls('a:1'), result('a:1'), calls('a:1'), result('a:1')]);
      expect(turns.slice(1)).toEqual([
        { role: 'assistant', content: [toolUse('a_1')] },
        { role: 'user', content: [toolResult('a_1', 'of a:1')] },
        { role: 'assistant', content: [toolUse('a_1_2')] },
        { role: 'user', content: [toolResult('a_1_2', 'of a:1')] },
      ]);
    });

    it.each([
      ['', {}, 'mapped'],
      ['{}', {}, 'mapped'],
      ['{"b":1,"a":2}', { b: 1, a: 2 }, 'mapped'],
      ['[1]', { arguments: [1] }, 'approximated'],
      ['{"city":', { arguments: '{"city":' }, 'approximated'],
    ])('sends the arguments %j as an object', (json, input, outcome) => {
      const message = calls('a');
      message.tool_calls![0]!.function!.arguments = json;
      const { turns, report } = convert([HI, message, result('a')]);
      expect(turns[1]?.content).toEqual([toolUse('a', input)]);
      expect(report).toContain(`messages.tool_calls=${outcome}`);
    });

    it('keeps numbers that are too long for a double, and the order of keys', () => {
      const message = calls('a');
      const json = '{"z":12345678901234567890,"__proto__":{"x":1},"a":[0.12345678901234567891]}';
      message.tool_calls![0]!.function!.arguments = json;
      const { turns } = convert([HI, message, result('a')]);
      expect(JSON.stringify(turns[1])).toContain(`"input":${json}`);
    });

    it('takes images in a result, and nothing at all', () => {
      const image: ContentPart = {
        type: 'image_url',
        image_url: { url: 'data:image/jpg;base64,AAAA' },
      };
      const { turns } = convert([
        HI,
        calls('a', 'b'),
        result('a', [{ type: 'text', text: 'See' }, image]),
        result('b', ''),
      ]);
      const source = { type: 'base64', media_type: 'image/jpeg', data: 'AAAA' };
      expect(turns[2]?.content).toEqual([
        toolResult('a', [text('See'), { type: 'image', source }]),
        { type: 'tool_result', tool_use_id: 'b' },
      ]);
    });

    it('wraps the text of a custom tool', () => {
      const call = { id: 'a', type: 'custom', custom: { name: 'f', input: 'x = 1' } };
      const message = { role: 'assistant', content: null, tool_calls: [call] };
      const { turns } = convert([HI, message as unknown as ChatMessage, result('a')]);
      expect(turns[1]?.content).toEqual([toolUse('a', { input: 'x = 1' })]);
    });
  });

  describe('reasoning', () => {
    const own = {
      type: 'reasoning.text',
      text: 'hm',
      signature: 'sig',
      format: 'anthropic-claude-v1',
      index: 0,
    };
    const redacted = {
      type: 'reasoning.encrypted',
      data: 'xyz',
      format: 'anthropic-claude-v1',
      index: 1,
    };
    const turnWith = (rest: object) => [HI, { ...calls('a'), ...rest }, result('a')];

    it('comes back first, as it was given', () => {
      const { turns, report } = convert(
        turnWith({ reasoning_content: 'hm', reasoning_details: [own, redacted] }),
      );
      expect(turns[1]?.content).toEqual([
        { type: 'thinking', thinking: 'hm', signature: 'sig' },
        { type: 'redacted_thinking', data: 'xyz' },
        toolUse('a'),
      ]);
      expect(report).toContain('messages.reasoning=mapped');
    });

    it.each([
      ['text alone', { reasoning_content: 'hm' }],
      ['text without a signature', { reasoning_details: [{ ...own, signature: undefined }] }],
      [
        'what another vendor signed',
        { reasoning_details: [{ ...own, format: 'another-vendor-v1' }] },
      ],
    ])('leaves out %s', (_name, rest) => {
      const { turns, report } = convert(turnWith(rest));
      expect(turns[1]?.content).toEqual([toolUse('a')]);
      expect(report).toContain('messages.reasoning=dropped');
    });

    it('is left out where the model does not think', () => {
      const { turns, report } = convert(turnWith({ reasoning_details: [own] }), false);
      expect(turns[1]?.content).toEqual([toolUse('a')]);
      expect(report).toContain('messages.reasoning=dropped');
    });
  });

  it('carries cache marks on parts and on messages', () => {
    const mark = { type: 'ephemeral', ttl: '1h' };
    const { system, turns } = convert([
      { role: 'system', content: 'Long', cache_control: mark },
      { role: 'user', content: [{ type: 'text', text: 'a', cache_control: mark }, text('b')] },
      calls('c'),
      { ...result('c'), cache_control: mark },
    ]);
    expect(system).toEqual([{ ...text('Long'), cache_control: mark }]);
    expect(turns[0]?.content).toEqual([{ ...text('a'), cache_control: mark }, text('b')]);
    expect(turns[2]?.content).toEqual([{ ...toolResult('c'), cache_control: mark }]);
  });
});
