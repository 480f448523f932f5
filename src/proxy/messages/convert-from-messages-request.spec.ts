import { describe, expect, it } from 'vitest';
import { TranslationReport } from '../../providers/contract/translation.js';
import { convertFromMessagesRequest } from './convert-from-messages-request.js';
import type { MessagesRequest } from './messages-api.js';
import { parseMessagesRequest } from './parse-messages-request.js';
import { RecordedNotes } from './request/recorded-notes.js';

const REQUEST = { model: 'm', max_tokens: 10, messages: [{ role: 'user', content: 'Hello' }] };
const SCHEMA = {
  type: 'object',
  properties: { city: { type: 'string' } },
  required: ['city'],
  additionalProperties: false,
};
const LOOSE_SCHEMA = { type: 'object', properties: { city: { type: 'string' } } };
const TOOL = { name: 'f', description: 'Does it.', input_schema: SCHEMA };
const CACHE = { type: 'ephemeral' };
const USER_ID = `user_${'a'.repeat(64)}_account__session_1`;

function convert(members: object) {
  const report = new TranslationReport();
  const request = parseMessagesRequest({ ...REQUEST, ...members });
  const { model, messages, max_completion_tokens, ...rest } = convertFromMessagesRequest(
    request,
    report,
  );
  return { messages, rest, noted: report.toString(), model, max_completion_tokens };
}

function convertMessages(...messages: unknown[]) {
  const { messages: converted, noted } = convert({ messages });
  return { converted, noted };
}

const user = (...content: unknown[]) => ({ role: 'user', content });
const assistant = (...content: unknown[]) => ({ role: 'assistant', content });

describe(convertFromMessagesRequest.name, () => {
  it('converts the least', () => {
    expect(convert({})).toEqual({
      model: 'm',
      max_completion_tokens: 10,
      messages: [{ role: 'user', content: 'Hello' }],
      rest: {},
      noted: '',
    });
  });

  it.each<[string, object, object, string]>([
    [
      'sampling',
      { temperature: 0.5, top_p: 0.9, top_k: 3 },
      { temperature: 0.5, top_p: 0.9, top_k: 3 },
      '',
    ],
    ['stop sequences', { stop_sequences: ['a', 'b'] }, { stop: ['a', 'b'] }, ''],
    ['no stop sequences', { stop_sequences: [] }, {}, ''],
    ['a stream', { stream: true }, { stream: true, stream_options: { include_usage: true } }, ''],
    ['the automatic tier', { service_tier: 'auto' }, { service_tier: 'auto' }, ''],
    ['the standard tier', { service_tier: 'standard_only' }, { service_tier: 'default' }, ''],
    ['a user', { metadata: { user_id: 'u' } }, { user: 'u' }, ''],
    ['other metadata', { metadata: { team: 't' } }, {}, 'metadata.team=dropped'],
    ['members that nobody else has', { container: 'c', speed: null }, {}, 'container=dropped'],
    [
      'thinking by effort',
      { thinking: { type: 'adaptive' }, output_config: { effort: 'max' } },
      { reasoning_effort: 'max' },
      'thinking=mapped',
    ],
    [
      'thinking',
      { thinking: { type: 'adaptive' } },
      { reasoning_effort: 'high' },
      'thinking=mapped',
    ],
    [
      'no thinking',
      { thinking: { type: 'disabled' } },
      { reasoning_effort: 'none' },
      'thinking=mapped',
    ],
    [
      'effort alone',
      { output_config: { effort: 'low' } },
      { reasoning_effort: 'low' },
      'output_config.effort=mapped',
    ],
    [
      'a small budget',
      { thinking: { type: 'enabled', budget_tokens: 1024 } },
      { reasoning_effort: 'low' },
      'thinking=approximated',
    ],
    [
      'a budget',
      { thinking: { type: 'enabled', budget_tokens: 4096 } },
      { reasoning_effort: 'medium' },
      'thinking=approximated',
    ],
    [
      'a large budget',
      { thinking: { type: 'enabled', budget_tokens: 32_000 } },
      { reasoning_effort: 'high' },
      'thinking=approximated',
    ],
    [
      'thinking that is not shown',
      { thinking: { type: 'adaptive', display: 'omitted' } },
      { reasoning_effort: 'high' },
      'thinking.display=emulated,thinking=mapped',
    ],
    [
      'a schema',
      { output_config: { format: { type: 'json_schema', schema: SCHEMA } } },
      {
        response_format: {
          type: 'json_schema',
          json_schema: { name: 'response', schema: SCHEMA, strict: true },
        },
      },
      'output_config.format=mapped',
    ],
    [
      'a schema with optional members',
      { output_format: { type: 'json_schema', schema: LOOSE_SCHEMA } },
      {
        response_format: {
          type: 'json_schema',
          json_schema: { name: 'response', schema: LOOSE_SCHEMA, strict: false },
        },
      },
      'output_format=approximated',
    ],
    [
      'a tool',
      { tools: [TOOL] },
      {
        tools: [
          {
            type: 'function',
            function: { name: 'f', description: 'Does it.', parameters: SCHEMA },
          },
        ],
      },
      '',
    ],
    [
      'a strict tool with a mark for the cache',
      { tools: [{ ...TOOL, type: 'custom', strict: true, cache_control: CACHE }] },
      {
        tools: [
          {
            type: 'function',
            function: { name: 'f', description: 'Does it.', parameters: SCHEMA, strict: true },
            cache_control: CACHE,
          },
        ],
      },
      '',
    ],
    [
      'a strict tool with optional members',
      { tools: [{ name: 'f', strict: true, input_schema: LOOSE_SCHEMA, input_examples: [{}] }] },
      { tools: [{ type: 'function', function: { name: 'f', parameters: LOOSE_SCHEMA } }] },
      'tools.input_examples=dropped,tools.strict=approximated',
    ],
    [
      "Anthropic's own tools",
      {
        tools: [{ type: 'web_search_20250305', name: 'web_search' }],
        tool_choice: { type: 'any' },
      },
      {},
      'tools.web_search_20250305=dropped,tool_choice=dropped',
    ],
  ])('converts %s', (_name, members, expected, noted) => {
    const converted = convert(members);
    expect(converted.rest).toEqual(expected);
    expect(converted.noted).toBe(noted);
  });

  it.each<[object, unknown]>([
    [{ type: 'auto' }, 'auto'],
    [{ type: 'any' }, 'required'],
    [{ type: 'none' }, 'none'],
    [
      { type: 'tool', name: 'f' },
      { type: 'function', function: { name: 'f' } },
    ],
  ])('converts the choice %j', (choice, expected) => {
    expect(convert({ tools: [TOOL], tool_choice: choice }).rest).toMatchObject({
      tool_choice: expected,
    });
  });

  it('converts the wish for one call at a time', () => {
    const choice = { type: 'auto', disable_parallel_tool_use: true };
    expect(convert({ tools: [TOOL], tool_choice: choice }).rest).toMatchObject({
      tool_choice: 'auto',
      parallel_tool_calls: false,
    });
  });

  it.each<[string, string, unknown[]]>([
    ['unsupported_parameter', 'bash', [{ type: 'bash_20250124', name: 'bash' }, TOOL]],
    ['invalid_value', 'g', [TOOL]],
  ])('refuses with %s to make a model use %s', (code, name, tools) => {
    expect(() => convert({ tools, tool_choice: { type: 'tool', name } })).toThrow(
      expect.objectContaining({ code, param: 'tool_choice.name' }),
    );
  });

  it('makes a hash of a user whose id is long', () => {
    const { rest, noted } = convert({ metadata: { user_id: USER_ID } });
    expect(rest['user']).toMatch(/^[0-9a-f]{64}$/);
    expect(noted).toBe('metadata.user_id=mapped');
  });

  it.each<[string, MessagesRequest['system'], unknown]>([
    ['a text', 'Be brief.', 'Be brief.'],
    [
      'blocks',
      [
        { type: 'text', text: 'a' },
        { type: 'text', text: 'b' },
      ],
      'a\n\nb',
    ],
    [
      'blocks that are marked for the cache',
      [
        { type: 'text', text: 'a', cache_control: CACHE },
        { type: 'text', text: 'b' },
      ],
      [
        { type: 'text', text: 'a', cache_control: CACHE },
        { type: 'text', text: 'b' },
      ],
    ],
  ])('puts %s of the system first', (_name, system, content) => {
    expect(convert({ system }).messages).toEqual([
      { role: 'system', content },
      { role: 'user', content: 'Hello' },
    ]);
  });

  it('marks the end of the prompt when all of it shall be cached', () => {
    const { messages, noted } = convert({ cache_control: CACHE });
    expect(messages).toEqual([
      { role: 'user', content: [{ type: 'text', text: 'Hello', cache_control: CACHE }] },
    ]);
    expect(noted).toBe('cache_control=emulated');
  });

  const base64 = { type: 'base64', media_type: 'image/png', data: 'AAAA' };
  const pdf = { type: 'base64', media_type: 'application/pdf', data: 'JVBERg==' };

  it.each<[string, object, unknown, string]>([
    ['a text', { type: 'text', text: 'a' }, 'a', ''],
    [
      'a marked text',
      { type: 'text', text: 'a', cache_control: CACHE },
      [{ type: 'text', text: 'a', cache_control: CACHE }],
      '',
    ],
    [
      'an image',
      { type: 'image', source: base64, cache_control: CACHE },
      [
        {
          type: 'image_url',
          image_url: { url: 'data:image/png;base64,AAAA' },
          cache_control: CACHE,
        },
      ],
      '',
    ],
    [
      'an image elsewhere',
      { type: 'image', source: { type: 'url', url: 'https://a.test/a.png' } },
      [{ type: 'image_url', image_url: { url: 'https://a.test/a.png' } }],
      '',
    ],
    [
      'a PDF',
      { type: 'document', source: pdf },
      [
        {
          type: 'file',
          file: { filename: 'document.pdf', file_data: 'data:application/pdf;base64,JVBERg==' },
        },
      ],
      '',
    ],
    [
      'a PDF elsewhere, with citations',
      {
        type: 'document',
        title: 'a.pdf',
        context: 'About it.',
        source: { type: 'url', url: 'https://a.test/a.pdf' },
        citations: { enabled: true },
      },
      [
        { type: 'text', text: 'About it.' },
        { type: 'file', file: { filename: 'a.pdf', file_data: 'https://a.test/a.pdf' } },
      ],
      'messages.document.citations=dropped,messages.document.url=mapped',
    ],
    [
      'an uploaded file',
      { type: 'document', source: { type: 'file', file_id: 'file_1' } },
      [{ type: 'file', file: { file_id: 'file_1' } }],
      '',
    ],
    [
      'a text document',
      {
        type: 'document',
        title: 'T',
        source: { type: 'text', media_type: 'text/plain', data: 'Body' },
      },
      'T\n\nBody',
      'messages.document=mapped',
    ],
    [
      'a document of blocks',
      {
        type: 'document',
        source: {
          type: 'content',
          content: [
            { type: 'text', text: 'a' },
            { type: 'image', source: base64 },
          ],
        },
      },
      [
        { type: 'text', text: 'a' },
        { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } },
      ],
      'messages.document=mapped',
    ],
    [
      'a search result',
      {
        type: 'search_result',
        title: 'T',
        source: 'https://a.test',
        content: [{ type: 'text', text: 'a' }],
      },
      'T\nhttps://a.test\n\na',
      'messages.search_result=approximated',
    ],
    [
      'what nobody knows',
      { type: 'container_upload', file_id: 'f' },
      '',
      'messages.container_upload=dropped',
    ],
  ])('converts %s', (_name, block, content, noted) => {
    expect(convertMessages(user(block))).toEqual({ converted: [{ role: 'user', content }], noted });
  });

  it('refuses an image that only Anthropic has', () => {
    const block = { type: 'image', source: { type: 'file', file_id: 'file_1' } };
    expect(() => convertMessages(user(block))).toThrow(
      expect.objectContaining({
        code: 'unsupported_parameter',
        param: 'messages[0].content[0].source',
      }),
    );
  });

  it('puts results of tools ahead of what the user says', () => {
    const { converted, noted } = convertMessages(
      assistant(
        { type: 'text', text: 'I look.' },
        { type: 'tool_use', id: 'a', name: 'f', input: { x: 1 } },
      ),
      user(
        { type: 'tool_result', tool_use_id: 'a', content: 'sunny' },
        {
          type: 'tool_result',
          tool_use_id: 'b',
          content: [{ type: 'text', text: 'not found' }],
          is_error: true,
        },
        {
          type: 'tool_result',
          tool_use_id: 'c',
          content: [{ type: 'image', source: base64 }],
          cache_control: CACHE,
        },
        { type: 'tool_result', tool_use_id: 'd' },
        { type: 'text', text: 'And now?' },
      ),
    );
    expect(converted).toEqual([
      {
        role: 'assistant',
        content: 'I look.',
        tool_calls: [{ id: 'a', type: 'function', function: { name: 'f', arguments: '{"x":1}' } }],
      },
      { role: 'tool', tool_call_id: 'a', content: 'sunny' },
      { role: 'tool', tool_call_id: 'b', content: 'Error: not found', is_error: true },
      {
        role: 'tool',
        tool_call_id: 'c',
        content: [
          {
            type: 'image_url',
            image_url: { url: 'data:image/png;base64,AAAA' },
            cache_control: CACHE,
          },
        ],
      },
      { role: 'tool', tool_call_id: 'd', content: '' },
      { role: 'user', content: 'And now?' },
    ]);
    expect(noted).toBe('messages.tool_result.is_error=emulated');
  });

  it('does not say twice that a tool failed', () => {
    const block = { type: 'tool_result', tool_use_id: 'a', content: 'Error: no', is_error: true };
    expect(convertMessages(user(block)).converted[0]).toMatchObject({ content: 'Error: no' });
  });

  it('joins the pieces of a text, and keeps apart what something came between', () => {
    const text = (value: string) => ({ type: 'text', text: value });
    const search = { type: 'server_tool_use', id: 's', name: 'web_search', input: {} };
    const { converted, noted } = convertMessages(
      assistant(text('a'), text('b'), search, text('c')),
    );
    expect(converted).toEqual([{ role: 'assistant', content: 'ab\n\nc' }]);
    expect(noted).toBe('messages.server_tool_use=dropped');
  });

  it("gives Anthropic's reasoning back as Anthropic made it", () => {
    const { converted, noted } = convertMessages(
      assistant(
        { type: 'thinking', thinking: 'hm', signature: 'c2ln' },
        { type: 'redacted_thinking', data: 'aGlk' },
        { type: 'tool_use', id: 'a', name: 'f', input: {}, cache_control: CACHE },
      ),
    );
    const format = 'anthropic-claude-v1';
    expect(converted).toEqual([
      {
        role: 'assistant',
        content: null,
        reasoning_content: 'hm',
        reasoning_details: [
          { type: 'reasoning.text', text: 'hm', signature: 'c2ln', format, index: 0 },
          { type: 'reasoning.encrypted', data: 'aGlk', format, index: 1 },
        ],
        tool_calls: [{ id: 'a', type: 'function', function: { name: 'f', arguments: '{}' } }],
        cache_control: CACHE,
      },
    ]);
    expect(noted).toBe('');
  });

  it.each<[string, object]>([
    ['no signature', { type: 'thinking', thinking: 'hm' }],
    ['an empty signature', { type: 'thinking', thinking: 'hm', signature: '' }],
    ['a signature of somebody else', { type: 'thinking', thinking: 'hm', signature: 'gw1:abc' }],
    ['a broken signature of ours', { type: 'thinking', thinking: 'hm', signature: 'lp1:abc' }],
    ['hidden reasoning that is unreadable', { type: 'redacted_thinking', data: '{}' }],
  ])('leaves out reasoning with %s', (_name, block) => {
    expect(convertMessages(assistant(block, { type: 'text', text: 'a' }))).toEqual({
      converted: [{ role: 'assistant', content: 'a' }],
      noted: 'messages.thinking=dropped',
    });
  });

  it('refuses in strict mode what would be lost, by its path', () => {
    const strict = new TranslationReport(true);
    const request = parseMessagesRequest({
      ...REQUEST,
      messages: [user({ type: 'text', text: 'a' }, { type: 'container_upload', file_id: 'f' })],
    });
    expect(() => convertFromMessagesRequest(request, strict)).toThrow(
      expect.objectContaining({ kind: 'rejected', status: 400, param: 'messages[0].content[1]' }),
    );
  });

  it('leaves the request as it is', () => {
    const request = parseMessagesRequest({
      ...REQUEST,
      cache_control: CACHE,
      messages: [
        user({
          type: 'tool_result',
          tool_use_id: 'a',
          content: [{ type: 'text', text: 'no' }],
          is_error: true,
          cache_control: CACHE,
        }),
      ],
    });
    const before = structuredClone(request);
    convertFromMessagesRequest(request, new TranslationReport());
    expect(request).toEqual(before);
  });
});

describe(RecordedNotes.name, () => {
  it('tells each report the same', () => {
    const notes = new RecordedNotes();
    notes.note('a', 'dropped', 'b.a');
    const reports = [new TranslationReport(), new TranslationReport()];
    for (const report of reports) notes.replay(report);

    expect(reports.map(String)).toEqual(['a=dropped', 'a=dropped']);
    expect(() => notes.replay(new TranslationReport(true))).toThrow(
      expect.objectContaining({ param: 'b.a' }),
    );
  });
});
