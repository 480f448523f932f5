import { describe, expect, it } from 'vitest';
import { createInstance, createTarget } from '../../../test/support/provider-fixtures.js';
import { JsonDocument } from '../../common/json/json-document.js';
import type { ChatCompletionRequest } from '../chat/chat-api.js';
import { TranslationReport } from '../contract/translation.js';
import { convertToOllamaRequest } from './convert-to-ollama-request.js';
import type { OllamaChatRequest } from './ollama-api.js';
import type { OllamaSettings } from './ollama-settings.js';

interface Context {
  readonly model?: string;
  readonly settings?: OllamaSettings;
  readonly strict?: boolean;
}

function convert(body: Partial<ChatCompletionRequest>, context: Context = {}) {
  const { model = 'llama3.2', settings = {}, strict } = context;
  const translation = new TranslationReport(strict);
  const target = createTarget(createInstance('http://ollama.invalid'), { model, translation });
  const value = { model: 'alias', messages: [{ role: 'user', content: 'Hello' }], ...body };
  const request = { body: JsonDocument.fromValue<ChatCompletionRequest>(value) };
  const converted = convertToOllamaRequest(request, target, { settings, stream: false });
  return { converted, report: translation.toString() };
}

const SCHEMA = { type: 'object', properties: { city: { type: 'string' } } };
const TOOLS = ['weather', 'time', 'news'].map((name) => ({
  type: 'function',
  function: { name, description: `The ${name}`, parameters: SCHEMA },
}));
const BARE = { model: 'llama3.2', messages: [{ role: 'user', content: 'Hello' }], stream: false };

type Row = readonly [string, Partial<ChatCompletionRequest>, Partial<OllamaChatRequest>, string];

describe(convertToOllamaRequest, () => {
  it.each<Row>([
    ['nothing else', {}, {}, ''],
    ['max_tokens', { max_tokens: 5 }, { options: { num_predict: 5 } }, 'max_tokens=mapped'],
    [
      'max_completion_tokens',
      { max_completion_tokens: 5 },
      { options: { num_predict: 5 } },
      'max_completion_tokens=mapped',
    ],
    [
      'both, of which the newer holds',
      { max_tokens: 9, max_completion_tokens: 5 },
      { options: { num_predict: 5 } },
      'max_completion_tokens=mapped,max_tokens=dropped',
    ],
    [
      'samplers',
      {
        temperature: 0,
        top_p: 0.5,
        top_k: 3,
        seed: 0,
        presence_penalty: 1,
        frequency_penalty: -1,
      },
      {
        options: {
          temperature: 0,
          top_p: 0.5,
          top_k: 3,
          seed: 0,
          presence_penalty: 1,
          frequency_penalty: -1,
        },
      },
      '',
    ],
    ['one stop', { stop: 'END' }, { options: { stop: ['END'] } }, 'stop=mapped'],
    ['stops', { stop: ['a', 'b'] }, { options: { stop: ['a', 'b'] } }, ''],
    [
      'its own options, beside and below',
      { min_p: 0.1, options: { num_ctx: 8192, mirostat: 1 } },
      { options: { num_ctx: 8192, mirostat: 1, min_p: 0.1 } },
      '',
    ],
    [
      'options that say something else',
      { temperature: 1, options: { temperature: 0, top_k: 1 } },
      { options: { temperature: 1, top_k: 1 } },
      'options=dropped',
    ],
    [
      'its own fields',
      { keep_alive: '5m', think: 'high', truncate: false, shift: false },
      { keep_alive: '5m', think: 'high', truncate: false, shift: false },
      '',
    ],
    [
      'JSON',
      { response_format: { type: 'json_object' } },
      { format: 'json' },
      'response_format.json_object=mapped',
    ],
    [
      'a schema',
      { response_format: { type: 'json_schema', json_schema: { name: 'a', schema: SCHEMA } } },
      { format: SCHEMA },
      'response_format.json_schema=mapped',
    ],
    [
      'a schema that is not there',
      { response_format: { type: 'json_schema', json_schema: { name: 'a' } } },
      { format: 'json' },
      'response_format.json_schema=mapped',
    ],
    ['text', { response_format: { type: 'text' } }, {}, ''],
    [
      'a format nobody knows',
      { response_format: { type: 'grammar' } },
      {},
      'response_format.grammar=dropped',
    ],
    [
      'log probabilities',
      { logprobs: true, top_logprobs: 3 },
      { logprobs: true, top_logprobs: 3 },
      '',
    ],
    ['top_logprobs alone', { top_logprobs: 3 }, {}, 'top_logprobs=dropped'],
    [
      'neutral values',
      {
        n: 1,
        stream: false,
        logprobs: false,
        store: false,
        logit_bias: {},
        metadata: null,
        user: null,
        service_tier: 'auto',
        modalities: ['text'],
        parallel_tool_calls: true,
        max_tokens: null,
        temperature: null,
        stop: null,
        reasoning_effort: null,
        tool_choice: null,
      },
      {},
      '',
    ],
    [
      'what it has no place for',
      { logit_bias: { 1: 2 }, user: 'ada', parallel_tool_calls: false, modalities: ['audio'] },
      {},
      'logit_bias=dropped,user=dropped,parallel_tool_calls=dropped,modalities=dropped',
    ],
    ['fields nobody knows', { colour: 'red' }, {}, 'colour=dropped'],
  ])('writes %s', (_name, body, expected, report) => {
    expect(convert(body)).toEqual({ converted: { ...BARE, ...expected }, report });
  });

  it.each([
    ['gpt-oss:20b', 'none', false, 'mapped'],
    ['gpt-oss:20b', 'minimal', 'low', 'approximated'],
    ['gpt-oss:20b', 'low', 'low', 'mapped'],
    ['gpt-oss:120b-cloud', 'medium', 'medium', 'mapped'],
    ['hf.co/unsloth/gpt-oss-20b', 'high', 'high', 'mapped'],
    ['gpt-oss', 'xhigh', 'max', 'approximated'],
    ['gpt-oss', 'max', 'max', 'mapped'],
    ['gpt-ossified', 'high', true, 'approximated'],
    ['qwen3:8b', 'none', false, 'mapped'],
    ['qwen3:8b', 'minimal', true, 'approximated'],
    ['qwen3:8b', 'high', true, 'approximated'],
    ['qwen3:8b', 'enormous', undefined, 'dropped'],
  ])('tells %s to think: %s is %s', (model, effort, think, outcome) => {
    const { converted, report } = convert({ reasoning_effort: effort }, { model });
    expect(converted.think).toBe(think);
    expect(report).toBe(`reasoning_effort=${outcome}`);
  });

  it('lets think win over reasoning_effort', () => {
    const { converted, report } = convert({ reasoning_effort: 'high', think: false });
    expect(converted.think).toBe(false);
    expect(report).toBe('reasoning_effort=dropped');
  });

  it("puts the instance's settings below what the client says", () => {
    const settings = { numCtx: 8192, keepAlive: 60 };
    expect(convert({}, { settings }).converted).toMatchObject({
      options: { num_ctx: 8192 },
      keep_alive: 60,
    });
    expect(convert({ num_ctx: 4096, keep_alive: 0 }, { settings }).converted).toMatchObject({
      options: { num_ctx: 4096 },
      keep_alive: 0,
    });
  });

  describe('tools', () => {
    const names = (body: Partial<ChatCompletionRequest>) => {
      const { converted, report } = convert(body);
      return [converted.tools?.map((tool) => tool.function.name) ?? [], report];
    };

    it('are offered as they are, without what the vendor does not heed', () => {
      const strict = { ...TOOLS[0]!.function, strict: true };
      const { converted, report } = convert({
        tools: [
          { type: 'function', function: strict },
          { type: 'function', function: { name: 'bare', strict: false } },
        ],
      });
      expect(converted.tools).toEqual([
        TOOLS[0],
        {
          type: 'function',
          function: { name: 'bare', parameters: { type: 'object', properties: {} } },
        },
      ]);
      expect(report).toBe('tools.function.strict=dropped');
    });

    const all = ['weather', 'time', 'news'];
    const allowed = (mode: string) => ({
      type: 'allowed_tools',
      allowed_tools: { mode, tools: [{ type: 'function', function: { name: 'time' } }] },
    });

    it.each([
      ['auto', 'auto', all, ''],
      ['none', 'none', [], 'tool_choice.none=emulated'],
      ['required', 'required', all, 'tool_choice.required=dropped'],
      [
        'one',
        { type: 'function', function: { name: 'news' } },
        ['news'],
        'tool_choice.function=approximated',
      ],
      ['some', allowed('auto'), ['time'], 'tool_choice.allowed_tools=emulated'],
      [
        'some of which one is required',
        allowed('required'),
        ['time'],
        'tool_choice.allowed_tools=approximated',
      ],
      [
        'a custom one',
        { type: 'custom', custom: { name: 'x' } },
        all,
        'tool_choice.custom=dropped',
      ],
    ])('are chosen: %s', (_name, choice, expected, report) => {
      expect(names({ tools: TOOLS, tool_choice: choice })).toEqual([expected, report]);
    });

    it.each([
      ['auto', 'auto', ['weather'], 'functions=approximated'],
      ['none', 'none', [], 'functions=approximated,function_call=emulated'],
      [
        'one',
        { name: 'weather' },
        ['weather'],
        'functions=approximated,function_call=approximated',
      ],
    ])('may be functions of old: %s', (_name, choice, expected, report) => {
      expect(names({ functions: [TOOLS[0]!.function], function_call: choice })).toEqual([
        expected,
        report,
      ]);
    });

    it('of other kinds are left out', () => {
      const tools = [{ type: 'custom', custom: { name: 'x' } }, { type: 'web_search' }, TOOLS[0]!];
      expect(names({ tools })).toEqual([
        ['weather'],
        'tools.custom=dropped,tools.web_search=dropped',
      ]);
    });

    it('that are chosen but not offered are a mistake', () => {
      const choice = { type: 'function', function: { name: 'nothing' } };
      expect(() => convert({ tools: TOOLS, tool_choice: choice })).toThrow(
        expect.objectContaining({ kind: 'rejected', status: 400, param: 'tool_choice' }),
      );
    });
  });

  it.each<[string, Partial<ChatCompletionRequest>]>([
    ['n', { n: 2 }],
    ['options', { options: 'fast' }],
  ])('refuses a request for its %s', (param, body) => {
    expect(() => convert(body)).toThrow(
      expect.objectContaining({ kind: 'rejected', status: 400, param }),
    );
  });

  it.each<[string, Partial<ChatCompletionRequest>]>([
    ['logit_bias', { logit_bias: { 1: 2 } }],
    ['tools[0].function.strict', { tools: [strictTool()] }],
    ['messages[0].name', { messages: [{ role: 'user', name: 'ada', content: 'Hi' }] }],
    ['colour', { colour: 'red' }],
  ])('names %s when it must be strict', (param, body) => {
    expect(() => convert(body, { strict: true })).toThrow(
      expect.objectContaining({ status: 400, param, vendorCode: 'unsupported_parameter' }),
    );
  });
});

function strictTool() {
  return { type: 'function', function: { name: 'a', strict: true } };
}
