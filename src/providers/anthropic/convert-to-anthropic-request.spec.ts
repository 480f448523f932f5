import { describe, expect, it } from 'vitest';
import type { ChatCompletionRequest } from '../chat/chat-api.js';
import { TranslationReport } from '../contract/translation.js';
import { convertToAnthropicRequest } from './convert-to-anthropic-request.js';

const ADAPTIVE = 'claude-opus-4-8';
const ADAPTIVE_46 = 'claude-sonnet-4-6';
const MANUAL = 'claude-sonnet-4-5';
const OLD = 'claude-opus-4-1';
const OLDEST = 'claude-3-haiku-20240307';

const MESSAGES = [{ role: 'user', content: 'Hi' }];
const TOOL = { type: 'function', function: { name: 'f', parameters: { type: 'object' } } };
const OTHER = { type: 'function', function: { name: 'g' } };
const SCHEMA = { type: 'object', properties: { a: { type: 'string' } } };

function convert(model: string, fields: Partial<ChatCompletionRequest>, strict = false) {
  const translation = new TranslationReport(strict);
  const request = { model, messages: MESSAGES, ...fields } as ChatCompletionRequest;
  const call = convertToAnthropicRequest(request, { model, translation });
  return { ...call, report: `${translation}` };
}

/** What is sent besides the model, the messages and the usual `max_tokens`. */
function rest(model: string, fields: Partial<ChatCompletionRequest>) {
  const { body, report } = convert(model, fields);
  const { model: _model, messages: _messages, max_tokens: _maxTokens, ...others } = body;
  return [others, report];
}

type Case = [model: string, fields: object, sent: object, report: string];

describe(convertToAnthropicRequest, () => {
  it('sends no more than it has to', () => {
    expect(convert(MANUAL, { n: 1, stream: false, temperature: null, logprobs: false })).toEqual({
      body: {
        model: MANUAL,
        max_tokens: 64_000,
        messages: [{ role: 'user', content: [{ type: 'text', text: 'Hi' }] }],
      },
      form: { answerTool: undefined, customTools: new Set(), usesFunctions: false },
      betas: [],
      report: '',
    });
  });

  it.each([
    [MANUAL, {}, 64_000, ''],
    ['some-model', {}, 4096, ''],
    ['some-model', { max_tokens: 9000 }, 9000, ''],
    [OLDEST, { max_tokens: 32_000 }, 4096, 'max_tokens=approximated'],
    [MANUAL, { max_tokens: 7, max_completion_tokens: 8 }, 8, 'max_completion_tokens=mapped'],
    [
      MANUAL,
      { max_completion_tokens: 1000, reasoning_effort: 'low' },
      7400,
      'reasoning_effort=mapped,max_completion_tokens=approximated',
    ],
    [
      MANUAL,
      { max_tokens: 60_000, reasoning_effort: 'low' },
      64_000,
      'reasoning_effort=mapped,max_tokens=approximated',
    ],
  ])('%s with %j may say %i tokens', (model, fields, expected, report) => {
    const converted = convert(model, fields);
    expect([converted.body.max_tokens, converted.report]).toEqual([expected, report]);
  });

  const sampling: Case[] = [
    [
      OLDEST,
      { temperature: 0.5, top_p: 0.5, top_k: 4 },
      { temperature: 0.5, top_p: 0.5, top_k: 4 },
      '',
    ],
    [MANUAL, { temperature: 1.5 }, { temperature: 1 }, 'temperature=approximated'],
    [MANUAL, { temperature: 0, top_p: 0.5 }, { temperature: 0 }, 'top_p=dropped'],
    [MANUAL, { temperature: 0, top_p: 1 }, { temperature: 0 }, ''],
    [
      ADAPTIVE,
      { temperature: 0, top_p: 0.5, top_k: 4 },
      {},
      'temperature=dropped,top_p=dropped,top_k=dropped',
    ],
    [ADAPTIVE, { temperature: 1 }, { temperature: 1 }, ''],
    [ADAPTIVE, { top_p: 0.99 }, { top_p: 0.99 }, ''],
    [
      ADAPTIVE_46,
      { reasoning_effort: 'low', temperature: 0, top_p: 0.5, top_k: 4 },
      {
        thinking: { type: 'adaptive', display: 'summarized' },
        output_config: { effort: 'low' },
        top_p: 0.95,
      },
      'reasoning_effort=mapped,temperature=dropped,top_p=approximated,top_k=dropped',
    ],
    [MANUAL, { stop: 'END' }, { stop_sequences: ['END'] }, 'stop=mapped'],
    [MANUAL, { stop: ['a', '\n', ''] }, { stop_sequences: ['a'] }, 'stop=dropped'],
    [MANUAL, { stop: [] }, {}, ''],
  ];
  it.each(sampling)('samples with %s and %j', (model, fields, sent, report) => {
    expect(rest(model, fields)).toEqual([sent, report]);
  });

  const adaptive = { type: 'adaptive', display: 'summarized' };
  const efforts: Case[] = [
    [
      ADAPTIVE,
      { reasoning_effort: 'none' },
      { thinking: { type: 'disabled' } },
      'reasoning_effort=mapped',
    ],
    [
      ADAPTIVE,
      { reasoning_effort: 'minimal' },
      { thinking: adaptive, output_config: { effort: 'low' } },
      'reasoning_effort=approximated',
    ],
    [
      ADAPTIVE,
      { reasoning_effort: 'xhigh' },
      { thinking: adaptive, output_config: { effort: 'xhigh' } },
      'reasoning_effort=mapped',
    ],
    [
      ADAPTIVE_46,
      { reasoning_effort: 'xhigh' },
      { thinking: adaptive, output_config: { effort: 'max' } },
      'reasoning_effort=approximated',
    ],
    [
      ADAPTIVE,
      { reasoning_effort: 'utmost' },
      { thinking: adaptive, output_config: { effort: 'high' } },
      'reasoning_effort=approximated',
    ],
    [
      MANUAL,
      { reasoning_effort: 'minimal' },
      { thinking: { type: 'enabled', budget_tokens: 1280 } },
      'reasoning_effort=mapped',
    ],
    [
      OLD,
      { reasoning_effort: 'minimal' },
      { thinking: { type: 'enabled', budget_tokens: 1024 } },
      'reasoning_effort=mapped',
    ],
    [
      MANUAL,
      { reasoning_effort: 'high' },
      { thinking: { type: 'enabled', budget_tokens: 38_400 } },
      'reasoning_effort=mapped',
    ],
    [MANUAL, { reasoning_effort: 'none' }, {}, 'reasoning_effort=mapped'],
    [OLDEST, { reasoning_effort: 'low' }, {}, 'reasoning_effort=dropped'],
    [OLDEST, { reasoning_effort: 'none' }, {}, ''],
  ];
  it.each(efforts)('thinks with %s and %j', (model, fields, sent, report) => {
    expect(rest(model, fields)).toEqual([sent, report]);
  });

  describe('thinking by a budget in a turn of tool calls', () => {
    const call = {
      role: 'assistant',
      content: null,
      tool_calls: [{ id: 'a', type: 'function', function: { name: 'f', arguments: '{}' } }],
    };
    const signed = {
      ...call,
      reasoning_details: [
        { type: 'reasoning.text', text: 'hm', signature: 's', format: 'anthropic-claude-v1' },
      ],
    };
    const result = { role: 'tool', tool_call_id: 'a', content: 'x' };
    const user = { role: 'user', content: 'Hi' };

    it.each([
      ['goes on', [user, signed, result], true],
      ['goes on after a step without', [user, signed, result, call, result], true],
      [
        'starts with the next question',
        [user, call, result, { role: 'assistant', content: 'ok' }, user],
        true,
      ],
      ['stops when it was lost', [user, call, result], false],
      ['stops when it was lost at first', [user, call, result, signed, result], false],
    ])('%s', (_name, messages, thinks) => {
      const { body, report } = convert(MANUAL, {
        messages: messages as never,
        tools: [TOOL],
        reasoning_effort: 'low',
        max_tokens: 100,
      });
      expect(body.thinking !== undefined).toBe(thinks);
      expect(body.max_tokens).toBe(thinks ? 6500 : 100);
      expect(report).toContain(`reasoning_effort=${thinks ? 'mapped' : 'dropped'}`);
      const blocks = body.messages.flatMap(({ content }) => content);
      if (!thinks) expect(blocks.some(({ type }) => type === 'thinking')).toBe(false);
    });

    it('stops for a call that the client demands', () => {
      const fields = { tools: [TOOL], tool_choice: 'required', reasoning_effort: 'low' };
      expect(convert(MANUAL, fields).body.thinking).toBeUndefined();
      expect(convert(ADAPTIVE, fields).body.thinking).toEqual(adaptive);
    });
  });

  const f = { name: 'f', input_schema: { type: 'object' } };
  const g = { name: 'g', input_schema: { type: 'object', properties: {} } };
  const tools: Case[] = [
    [MANUAL, { tools: [] }, {}, ''],
    [MANUAL, { tool_choice: 'none', parallel_tool_calls: false }, {}, ''],
    [MANUAL, { tools: [TOOL, OTHER] }, { tools: [f, g] }, 'tools.function=mapped'],
    [
      MANUAL,
      { tools: [TOOL], tool_choice: 'none' },
      { tools: [f], tool_choice: { type: 'none' } },
      'tools.function=mapped,tool_choice.none=mapped',
    ],
    [
      MANUAL,
      { tools: [TOOL], tool_choice: 'required' },
      { tools: [f], tool_choice: { type: 'any' } },
      'tools.function=mapped,tool_choice.required=mapped',
    ],
    [
      MANUAL,
      {
        tools: [TOOL],
        tool_choice: { type: 'function', function: { name: 'f' } },
        parallel_tool_calls: false,
      },
      { tools: [f], tool_choice: { type: 'tool', name: 'f', disable_parallel_tool_use: true } },
      'tools.function=mapped,tool_choice.function=mapped,parallel_tool_calls=mapped',
    ],
    [
      MANUAL,
      { tools: [TOOL], parallel_tool_calls: false },
      { tools: [f], tool_choice: { type: 'auto', disable_parallel_tool_use: true } },
      'tools.function=mapped,parallel_tool_calls=mapped',
    ],
    [
      MANUAL,
      {
        tools: [TOOL, OTHER],
        tool_choice: {
          type: 'allowed_tools',
          allowed_tools: {
            mode: 'required',
            tools: [{ type: 'function', function: { name: 'g' } }],
          },
        },
      },
      { tools: [g], tool_choice: { type: 'any' } },
      'tools.function=mapped,tool_choice.allowed_tools=emulated',
    ],
    [
      MANUAL,
      { tools: [{ type: 'custom', custom: { name: 'note', format: { type: 'text' } } }] },
      {
        tools: [
          {
            name: 'note',
            input_schema: {
              type: 'object',
              properties: { input: { type: 'string' } },
              required: ['input'],
              additionalProperties: false,
            },
          },
        ],
      },
      'tools.custom=emulated',
    ],
    [MANUAL, { tools: [{ type: 'odd' }] }, {}, 'tools.odd=dropped'],
    [
      MANUAL,
      { tools: [{ type: 'web_fetch_20250910', name: 'web_fetch', max_uses: 2 }] },
      { tools: [{ type: 'web_fetch_20250910', name: 'web_fetch', max_uses: 2 }] },
      '',
    ],
    [
      MANUAL,
      {
        web_search_options: {
          search_context_size: 'low',
          user_location: { type: 'approximate', approximate: { country: 'IT' } },
        },
      },
      {
        tools: [
          {
            type: 'web_search_20250305',
            name: 'web_search',
            user_location: { type: 'approximate', country: 'IT' },
          },
        ],
      },
      'web_search_options=approximated',
    ],
  ];
  it.each(tools)('offers tools to %s: %j', (model, fields, sent, report) => {
    expect(rest(model, fields)).toEqual([sent, report]);
  });

  it('is strict with schemas that the model keeps to, and closes them', () => {
    const parameters = { type: 'object', properties: { n: { type: 'integer', minimum: 1 } } };
    const strictTool = { type: 'function', function: { name: 'f', strict: true, parameters } };
    const [sent, report] = rest(MANUAL, { tools: [strictTool] });
    expect(sent).toMatchObject({
      tools: [
        {
          strict: true,
          input_schema: {
            additionalProperties: false,
            properties: { n: { description: '{minimum: 1}' } },
          },
        },
      ],
    });
    expect(report).toContain('tools.function.strict=approximated');
    expect(rest(OLD, { tools: [strictTool] })).toEqual([
      { tools: [{ name: 'f', input_schema: parameters }] },
      'tools.function=mapped,tools.function.strict=dropped',
    ]);
  });

  it('declares tools that were called before and are offered no more', () => {
    const { body } = convert(MANUAL, {
      messages: [
        { role: 'user', content: 'Hi' },
        {
          role: 'assistant',
          tool_calls: [{ id: 'a', type: 'function', function: { name: 'f', arguments: '' } }],
        },
        { role: 'tool', tool_call_id: 'a', content: 'x' },
      ],
    });
    expect(body.tools).toEqual([f]);
    expect(body.tool_choice).toEqual({ type: 'none' });
  });

  describe('the format of the answer', () => {
    const jsonSchema = { type: 'json_schema', json_schema: { name: 'a', schema: SCHEMA } };
    const answer = (schema: object, name = 'json') => ({
      name,
      description: 'Gives the answer, as JSON.',
      input_schema: schema,
    });
    const alone = { type: 'tool', name: 'json', disable_parallel_tool_use: true };

    it('is the vendor’s own where it has one', () => {
      const closed = { ...SCHEMA, additionalProperties: false };
      expect(rest(MANUAL, { response_format: jsonSchema })).toEqual([
        { output_config: { format: { type: 'json_schema', schema: closed } } },
        'response_format.json_schema=mapped',
      ]);
    });

    it('stands beside an effort', () => {
      const { body } = convert(ADAPTIVE, { response_format: jsonSchema, reasoning_effort: 'low' });
      expect(body.output_config).toMatchObject({ effort: 'low', format: { type: 'json_schema' } });
    });

    it.each([
      [OLD, jsonSchema, SCHEMA, 'response_format.json_schema=emulated'],
      [
        MANUAL,
        { type: 'json_object' },
        { type: 'object', additionalProperties: true },
        'response_format.json_object=emulated',
      ],
    ])('is a tool elsewhere: %s', (model, format, schema, report) => {
      const converted = convert(model, { response_format: format });
      expect(converted.body.tools).toEqual([answer(schema)]);
      expect(converted.body.tool_choice).toEqual(alone);
      expect(converted.form.answerTool).toBe('json');
      expect(converted.report).toBe(report);
    });

    it('leaves the client’s tools to be called', () => {
      const own = { type: 'function', function: { name: 'json' } };
      const fields = { response_format: { type: 'json_object' }, tools: [own] };
      const { body, form } = convert(OLD, fields);
      expect(form.answerTool).toBe('json_');
      expect(body.tools?.map(({ name }) => name)).toEqual(['json', 'json_']);
      expect(body.tool_choice).toEqual({ type: 'any', disable_parallel_tool_use: true });
      const none = convert(OLD, { ...fields, tool_choice: 'none' });
      expect(none.body.tool_choice).toEqual({ ...alone, name: 'json_' });
      const choice = { type: 'function', function: { name: 'json' } };
      const demanded = convert(OLD, { ...fields, tool_choice: choice });
      expect(demanded.body.tool_choice).toEqual({ type: 'tool', name: 'json' });
    });
  });

  const account: Case[] = [
    [MANUAL, { user: 'u' }, { metadata: { user_id: 'u' } }, 'user=mapped'],
    [
      MANUAL,
      { user: 'u', safety_identifier: 's', metadata: { user_id: 's', topic: 'x' } },
      { metadata: { user_id: 's' } },
      'safety_identifier=mapped,user=dropped,metadata=dropped',
    ],
    [MANUAL, { service_tier: 'auto' }, { service_tier: 'auto' }, ''],
    [MANUAL, { service_tier: 'default' }, { service_tier: 'standard_only' }, 'service_tier=mapped'],
    [
      MANUAL,
      { service_tier: 'flex' },
      { service_tier: 'standard_only' },
      'service_tier=approximated',
    ],
    [MANUAL, { service_tier: 'odd' }, {}, 'service_tier=dropped'],
  ];
  it.each(account)('tells %s on whose behalf: %j', (model, fields, sent, report) => {
    expect(rest(model, fields)).toEqual([sent, report]);
  });

  it('has OpenAI’s first form of tools too', () => {
    const { body, form, report } = convert(MANUAL, {
      functions: [{ name: 'f', parameters: { type: 'object' } }],
      function_call: { name: 'f' },
      messages: [
        { role: 'user', content: 'Hi' },
        { role: 'assistant', content: null, function_call: { name: 'f', arguments: '{"a":1}' } },
        { role: 'function', name: 'f', content: 'x' },
      ],
    });
    expect(form.usesFunctions).toBe(true);
    expect(body.tools).toEqual([f]);
    expect(body.tool_choice).toEqual({ type: 'tool', name: 'f', disable_parallel_tool_use: true });
    expect(body.messages.slice(1)).toEqual([
      {
        role: 'assistant',
        content: [{ type: 'tool_use', id: 'call_1', name: 'f', input: { a: 1 } }],
      },
      { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'call_1', content: 'x' }] },
    ]);
    for (const field of ['functions', 'function_call', 'messages.function']) {
      expect(report).toContain(`${field}=mapped`);
    }
  });

  it('reports what does not arrive, known or not, and nothing that is neutral', () => {
    const { report } = convert(MANUAL, {
      seed: 1,
      store: false,
      verbosity: 'medium',
      logit_bias: {},
      presence_penalty: 0,
      frequency_penalty: 1,
      chat_template_kwargs: {},
      nothing: null,
    });
    expect(report).toBe('seed=dropped,frequency_penalty=dropped,chat_template_kwargs=dropped');
  });

  it.each([
    [{ n: 2 }, 'n'],
    [{ modalities: ['text', 'audio'] }, 'modalities'],
    [{ messages: [] }, 'messages'],
    [{ tools: [TOOL], tool_choice: 'maybe' }, 'tool_choice'],
    [{ response_format: { type: 'xml' } }, 'response_format.type'],
  ])('refuses %j', (fields, param) => {
    const refusal = expect.objectContaining({ kind: 'rejected', status: 400, param });
    expect(() => convert(MANUAL, fields)).toThrow(refusal);
  });

  it('names the path of what a strict translation cannot carry', () => {
    const content = [
      { type: 'image_url', image_url: { url: 'https://a.example/', detail: 'low' } },
    ];
    const refusal = expect.objectContaining({ param: 'messages[0].content[0].image_url.detail' });
    expect(() => convert(MANUAL, { messages: [{ role: 'user', content }] }, true)).toThrow(refusal);
  });

  it('keeps the last four cache marks', () => {
    const mark = { cache_control: { type: 'ephemeral' } };
    const part = (text: string) => ({ type: 'text', text, ...mark });
    const { body, report } = convert(MANUAL, {
      tools: [{ ...TOOL, ...mark }],
      messages: [
        { role: 'system', content: [part('a')] },
        { role: 'user', content: [part('b'), part('c'), part('d')] },
      ],
    });
    expect(body.tools).toEqual([f]);
    expect(body.system).toEqual([part('a')]);
    expect(body.messages[0]?.content).toEqual([part('b'), part('c'), part('d')]);
    expect(report).toContain('messages.cache_control=dropped');
  });

  it('asks for the feature that a file needs', () => {
    const content = [{ type: 'file', file: { file_id: 'file_1' } }];
    expect(convert(MANUAL, { messages: [{ role: 'user', content }] }).betas).toEqual([
      'files-api-2025-04-14',
    ]);
  });
});
