import { describe, expect, it } from 'vitest';
import { TranslationReport } from '../../providers/contract/translation.js';
import { convertFromResponsesRequest } from './convert-from-responses-request.js';
import { convertToEncryptedContent } from './reasoning-state.js';
import type { ResponsesItem, ResponsesRequest } from './responses-api.js';

function convert(request: Partial<ResponsesRequest>, report = new TranslationReport()) {
  const { input = 'Hello' } = request;
  const items =
    typeof input === 'string'
      ? [{ item: { role: 'user', content: input }, path: 'input' }]
      : (input ?? []).map((item, index) => ({ item, path: `input[${index}]` }));
  const whole = { model: 'm', input, ...request };
  return { ...convertFromResponsesRequest(whole, items, report), report };
}

const messagesOf = (...input: ResponsesItem[]) => convert({ input }).body.messages;
const noted = (request: Partial<ResponsesRequest>): string => convert(request).report.toString();

const USER = { role: 'user', content: 'Hello' };
const call = (id: string, more: object = {}): ResponsesItem => ({
  type: 'function_call',
  id: `fc_${id}`,
  call_id: id,
  name: 'weather',
  arguments: '{}',
  status: 'completed',
  ...more,
});
const output = (id: string, text: unknown = 'sunny'): ResponsesItem => ({
  type: 'function_call_output',
  call_id: id,
  output: text,
});
const toolCall = (id: string, more: object = {}) => ({
  id,
  type: 'function',
  function: { name: 'weather', arguments: '{}' },
  ...more,
});
const toolMessage = (id: string, content: unknown = 'sunny') => ({
  role: 'tool',
  tool_call_id: id,
  content,
});

describe(convertFromResponsesRequest.name, () => {
  it('puts the instructions before the input', () => {
    const { body, report } = convert({ instructions: 'Be brief.' });
    expect(body).toEqual({
      model: 'm',
      messages: [{ role: 'system', content: 'Be brief.' }, USER],
    });
    expect(report.toString()).toBe('');
  });

  describe('settings', () => {
    it.each<[Partial<ResponsesRequest>, object]>([
      [{ max_output_tokens: 64 }, { max_completion_tokens: 64 }],
      [
        { temperature: 0, top_p: 0.5 },
        { temperature: 0, top_p: 0.5 },
      ],
      [{ stream: true }, { stream: true, stream_options: { include_usage: true } }],
      [{ reasoning: { effort: 'low' } }, { reasoning_effort: 'low' }],
      [{ text: { verbosity: 'low', format: { type: 'text' } } }, { verbosity: 'low' }],
      [{ text: { format: { type: 'json_object' } } }, { response_format: { type: 'json_object' } }],
      [
        {
          text: {
            format: { type: 'json_schema', name: 'n', schema: {}, strict: true, description: null },
          },
        },
        {
          response_format: {
            type: 'json_schema',
            json_schema: { name: 'n', schema: {}, strict: true },
          },
        },
      ],
      [
        { include: ['reasoning.encrypted_content', 'message.output_text.logprobs'] },
        { logprobs: true },
      ],
      [{ top_logprobs: 2 }, { logprobs: true, top_logprobs: 2 }],
      [{ top_logprobs: 0 }, {}],
      [
        { metadata: { a: 'b' }, user: 'u', safety_identifier: 's', prompt_cache_key: 'k' },
        { metadata: { a: 'b' }, user: 'u', safety_identifier: 's', prompt_cache_key: 'k' },
      ],
      [{ service_tier: 'flex' }, { service_tier: 'flex' }],
      [{ truncation: 'disabled', background: false, store: false }, {}],
      [{ stream_options: { include_obfuscation: false }, conversation: null }, {}],
      [{ tools: [], tool_choice: 'auto', parallel_tool_calls: true }, {}],
    ])('converts %j', (request, expected) => {
      const { body, report } = convert(request);
      expect(body).toEqual({ model: 'm', messages: [USER], ...expected });
      expect(report.toString()).toBe('');
    });

    it.each<[Partial<ResponsesRequest>, string]>([
      [{ truncation: 'auto' }, 'truncation=dropped'],
      [{ max_tool_calls: 3 }, 'max_tool_calls=dropped'],
      [{ client_metadata: { a: 1 } }, 'client_metadata=dropped'],
      [{ include: ['file_search_call.results'] }, 'include=dropped'],
      [{ reasoning: { summary: 'auto' } }, 'reasoning.summary=emulated'],
      [{ reasoning: { summary: 'detailed' } }, 'reasoning.summary=approximated'],
      [{ reasoning: { depth: 3 } }, 'reasoning.depth=dropped'],
      [{ text: { style: 'terse' } }, 'text.style=dropped'],
      [
        { stream_options: { include_obfuscation: true } },
        'stream_options.include_obfuscation=dropped',
      ],
    ])('notes what becomes of %j', (request, expected) => {
      expect(noted(request)).toBe(expected);
    });

    it('refuses in strict mode what it would only note', () => {
      const strict = new TranslationReport(true);
      expect(() => convert({ include: ['x'] }, strict)).toThrow(
        expect.objectContaining({ kind: 'rejected', param: 'include[0]' }),
      );
    });

    it.each<[Partial<ResponsesRequest>, string]>([
      [{ background: true }, 'background'],
      [{ conversation: 'conv_1' }, 'conversation'],
      [{ prompt: { id: 'pmpt_1' } }, 'prompt'],
      [{ tools: [{ type: 'web_search' }] }, 'tools[0]'],
      [{ tools: [{ type: 'function', name: 'f' }, { type: 'mcp' }] }, 'tools[1]'],
      [{ tools: [{ type: 'computer_use_preview' }] }, 'tools[0]'],
      [
        { tools: [{ type: 'function', name: 'f', allowed_callers: ['programmatic'] }] },
        'tools[0].allowed_callers',
      ],
      [{ tool_choice: { type: 'web_search_preview' } }, 'tool_choice'],
      [
        { tool_choice: { type: 'allowed_tools', mode: 'auto', tools: [{ type: 'mcp' }] } },
        'tool_choice.tools[0]',
      ],
      [{ input: [{ type: 'computer_call_output' }] }, 'input[0].type'],
      [{ input: [{ type: 'compaction', encrypted_content: 'x' }] }, 'input[0].type'],
      [
        { input: [{ role: 'user', content: [{ type: 'input_video' }] }] },
        'input[0].content[0].type',
      ],
      [
        { input: [{ role: 'user', content: [{ type: 'input_image', file_id: 'file-1' }] }] },
        'input[0].content[0].file_id',
      ],
      [{ input: [{ role: 'user', content: [{ type: 'input_file' }] }] }, 'input[0].content[0]'],
    ])('refuses %j and names %s', (request, param) => {
      expect(() => convert(request)).toThrow(
        expect.objectContaining({ code: 'unsupported_parameter', param }),
      );
    });
  });

  describe('tools', () => {
    const parameters = { type: 'object', properties: {} };

    it('nests functions', () => {
      const tool = { type: 'function', name: 'f', description: 'd', parameters, strict: true };
      const request = {
        tools: [tool, { type: 'function', name: 'g', parameters: null, defer_loading: false }],
        tool_choice: { type: 'function', name: 'f' },
        parallel_tool_calls: false,
      };
      const { body, report } = convert(request);
      expect(body).toMatchObject({
        tools: [
          { type: 'function', function: { name: 'f', description: 'd', parameters, strict: true } },
          { type: 'function', function: { name: 'g' } },
        ],
        tool_choice: { type: 'function', function: { name: 'f' } },
        parallel_tool_calls: false,
      });
      expect(report.toString()).toBe('');
    });

    it('offers custom tools as functions with one text', () => {
      const format = { type: 'grammar', syntax: 'lark', definition: 'start: "x"' };
      const { body, tools, report } = convert({
        tools: [{ type: 'custom', name: 'patch', description: 'Edits', format }],
        tool_choice: { type: 'custom', name: 'patch' },
      });
      expect(body.tools).toMatchObject([
        {
          type: 'function',
          function: {
            name: 'patch',
            description: 'Edits\n\nThe input must follow this lark grammar:\nstart: "x"',
            parameters: { properties: { input: { type: 'string' } }, required: ['input'] },
          },
        },
      ]);
      expect(body.tool_choice).toEqual({ type: 'function', function: { name: 'patch' } });
      expect(tools.find('patch')).toEqual({ kind: 'custom', name: 'patch' });
      expect(report.toString()).toBe('tools.custom=emulated,tools.custom.format=approximated');
    });

    it('takes tools out of their namespace and remembers it', () => {
      const inner = [{ type: 'function', name: 'search' }];
      const { body, tools } = convert({
        tools: [
          { type: 'namespace', name: 'docs', tools: inner },
          { type: 'namespace', name: 'mcp__web__', tools: inner },
        ],
        tool_choice: {
          type: 'allowed_tools',
          mode: 'required',
          tools: [{ type: 'function', name: 'search', namespace: 'docs' }],
        },
      });
      expect(body.tools?.map((tool) => tool.function?.name)).toEqual([
        'docs__search',
        'mcp__web__search',
      ]);
      expect(body.tool_choice).toEqual({
        type: 'allowed_tools',
        allowed_tools: {
          mode: 'required',
          tools: [{ type: 'function', function: { name: 'docs__search' } }],
        },
      });
      expect(tools.find('docs__search')).toMatchObject({ name: 'search', namespace: 'docs' });
    });

    it('refuses two tools whose calls could not be told apart', () => {
      const tools = [
        { type: 'function', name: 'f' },
        { type: 'custom', name: 'f' },
      ];
      expect(() => convert({ tools })).toThrow(
        expect.objectContaining({ code: 'invalid_value', param: 'tools[1].name' }),
      );
    });

    it('notes what a function cannot have', () => {
      const tools = [{ type: 'function', name: 'f', output_schema: {}, defer_loading: true }];
      expect(noted({ tools })).toBe(
        'tools.function.output_schema=dropped,tools.function.defer_loading=dropped',
      );
    });
  });

  describe('input', () => {
    it('makes one message of what a model said in one turn', () => {
      const message = { type: 'message', role: 'assistant', id: 'msg_1', status: 'completed' };
      expect(
        messagesOf(
          USER,
          { type: 'reasoning', id: 'rs_1', summary: [{ type: 'summary_text', text: 'Hm' }] },
          { ...message, content: [{ type: 'output_text', text: 'I look.', annotations: [] }] },
          call('call_a'),
          call('call_b', { arguments: '{"x":1}' }),
          output('call_a'),
          output('call_b', [
            { type: 'input_text', text: 'rainy' },
            { type: 'input_image', image_url: 'data:image/png;base64,AAAA' },
          ]),
        ),
      ).toEqual([
        USER,
        {
          role: 'assistant',
          content: 'I look.',
          reasoning_content: 'Hm',
          tool_calls: [
            toolCall('call_a'),
            toolCall('call_b', { function: { name: 'weather', arguments: '{"x":1}' } }),
          ],
        },
        toolMessage('call_a'),
        toolMessage('call_b', [
          { type: 'text', text: 'rainy' },
          { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } },
        ]),
      ]);
    });

    it('keeps turns apart', () => {
      expect(
        messagesOf(USER, call('a'), output('a'), call('b'), output('b'), {
          role: 'assistant',
          content: 'Done.',
        }),
      ).toEqual([
        USER,
        { role: 'assistant', content: null, tool_calls: [toolCall('a')] },
        toolMessage('a'),
        { role: 'assistant', content: null, tool_calls: [toolCall('b')] },
        toolMessage('b'),
        { role: 'assistant', content: 'Done.' },
      ]);
    });

    it('puts outputs right behind their calls', () => {
      expect(messagesOf(call('a'), call('b'), USER, output('b'), output('a'))).toEqual([
        { role: 'assistant', content: null, tool_calls: [toolCall('a'), toolCall('b')] },
        toolMessage('a'),
        toolMessage('b'),
        USER,
      ]);
    });

    it('gives calls of custom tools the form of the function', () => {
      const item = { type: 'custom_tool_call', call_id: 'a', name: 'patch', input: 'a "b"' };
      const result = { type: 'custom_tool_call_output', call_id: 'a', output: 'ok' };
      expect(messagesOf(item, result)[0]?.tool_calls).toEqual([
        {
          id: 'a',
          type: 'function',
          function: { name: 'patch', arguments: '{"input":"a \\"b\\""}' },
        },
      ]);
    });

    it('carries all kinds of content', () => {
      const content = [
        { type: 'input_text', text: 'See', prompt_cache_breakpoint: { mode: 'explicit' } },
        { type: 'input_image', image_url: 'https://a.example/b.png', detail: 'low' },
        { type: 'input_file', filename: 'a.pdf', file_data: 'data:application/pdf;base64,AAAA' },
        { type: 'input_file', file_url: 'https://a.example/b.pdf' },
        { type: 'input_file', file_id: 'file-1' },
        { type: 'input_audio', input_audio: { data: 'AAAA', format: 'wav' } },
      ];
      const { body, report } = convert({ input: [{ role: 'user', content }] });
      expect(body.messages[0]?.content).toEqual([
        { type: 'text', text: 'See', prompt_cache_breakpoint: { mode: 'explicit' } },
        { type: 'image_url', image_url: { url: 'https://a.example/b.png', detail: 'low' } },
        {
          type: 'file',
          file: { filename: 'a.pdf', file_data: 'data:application/pdf;base64,AAAA' },
        },
        { type: 'file', file: { file_data: 'https://a.example/b.pdf' } },
        { type: 'file', file: { file_id: 'file-1' } },
        { type: 'input_audio', input_audio: { data: 'AAAA', format: 'wav' } },
      ]);
      expect(report.toString()).toBe('');
    });

    it('keeps refusals and the boundaries between texts', () => {
      const texts = ['One', 'Two'].map((text) => ({ type: 'output_text', text }));
      const refused = [{ type: 'refusal', refusal: 'No.' }];
      expect(
        messagesOf({ role: 'assistant', content: texts }, USER, {
          role: 'assistant',
          content: refused,
        }),
      ).toEqual([
        {
          role: 'assistant',
          content: [
            { type: 'text', text: 'One' },
            { type: 'text', text: 'Two' },
          ],
        },
        USER,
        { role: 'assistant', content: null, refusal: 'No.' },
      ]);
    });

    it.each<[ResponsesItem[], string]>([
      [[{ role: 'assistant', content: 'Hi', phase: 'commentary' }], 'input.phase=dropped'],
      [[USER, { type: 'web_search_call', id: 'ws_1' }], 'input.web_search_call=dropped'],
      [[USER, { type: 'reasoning', summary: [] }], 'input.reasoning=dropped'],
      [
        [{ role: 'user', content: [{ type: 'input_image', image_url: 'x', detail: 'original' }] }],
        'input_image.detail=approximated',
      ],
      [
        [
          {
            role: 'assistant',
            content: [{ type: 'output_text', text: 'Hi', annotations: [{ type: 'url_citation' }] }],
          },
        ],
        'input.annotations=dropped',
      ],
    ])('notes what becomes of %j', (input, expected) => {
      expect(noted({ input })).toBe(expected);
    });

    it.each<[ResponsesItem[], string]>([
      [[], 'input'],
      [[output('a')], 'input[0].call_id'],
      [[USER, call('a')], 'input[1]'],
      [[call('a'), call('b'), output('b')], 'input[0]'],
    ])('refuses %j and names %s', (input, param) => {
      expect(() => convert({ input })).toThrow(
        expect.objectContaining({ code: 'invalid_value', param }),
      );
    });
  });

  describe('reasoning', () => {
    const FORMAT = 'anthropic-claude-v1';
    const text = (signed: string, index: number) => ({
      type: 'reasoning.text' as const,
      text: signed,
      signature: signed,
      format: FORMAT,
      index,
    });
    const reasoning = (encrypted: string, summary = 'Hm'): ResponsesItem => ({
      type: 'reasoning',
      summary: [{ type: 'summary_text', text: summary }],
      encrypted_content: encrypted,
    });

    it('gives the vendor back what it wants back', () => {
      const calls = { a: { google: { thought_signature: 'sig' } } };
      const first = convertToEncryptedContent({ response: 'r1', details: [text('x', 0)], calls });
      const second = convertToEncryptedContent({ response: 'r2', details: [text('y', 0)] });
      const [message] = messagesOf(
        reasoning(first),
        call('a'),
        reasoning(second, '…'),
        output('a'),
      );
      expect(message).toEqual({
        role: 'assistant',
        content: null,
        reasoning_content: 'Hm…',
        reasoning_details: [text('x', 0), text('y', 1)],
        tool_calls: [toolCall('a', { extra_content: calls.a })],
      });
    });

    it.each([
      ['gAAAAA'],
      ['lp1:!!'],
      [`lp1:${Buffer.from('{"response":1}').toString('base64url')}`],
      [`lp1:${Buffer.from('{"response":"r","details":[1]}').toString('base64url')}`],
      [
        `lp1:${Buffer.from(`{"response":"r","calls":{"a":${'['.repeat(99)}`).toString('base64url')}`,
      ],
    ])('drops %s, which was not made here, and keeps the summary', (encrypted) => {
      const input = [reasoning(encrypted), { role: 'assistant', content: 'Hi' }];
      const { body, report } = convert({ input });
      expect(body.messages).toEqual([
        { role: 'assistant', content: 'Hi', reasoning_content: 'Hm' },
      ]);
      expect(report.toString()).toBe('input.encrypted_content=dropped');
    });

    it('takes the reasoning itself rather than its summary', () => {
      const item = {
        type: 'reasoning',
        summary: [{ type: 'summary_text', text: 'short' }],
        content: [{ type: 'reasoning_text', text: 'long' }],
      };
      expect(messagesOf(item, { role: 'assistant', content: 'Hi' })[0]).toMatchObject({
        reasoning_content: 'long',
      });
    });
  });
});
