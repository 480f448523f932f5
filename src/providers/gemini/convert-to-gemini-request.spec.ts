import { describe, expect, it } from 'vitest';
import { createInstance, createTarget } from '../../../test/support/provider-fixtures.js';
import { JsonDocument } from '../../common/json/json-document.js';
import type { ChatCompletionRequest } from '../chat/chat-api.js';
import { TranslationReport } from '../contract/translation.js';
import { convertToGeminiRequest } from './convert-to-gemini-request.js';

function convert(
  body: Partial<ChatCompletionRequest>,
  model = 'gemini-2.5-flash',
  { strict = false } = {},
) {
  const translation = new TranslationReport(strict);
  const target = createTarget(createInstance('https://vendor.example/v1beta'), {
    model,
    translation,
  });
  const value = { model, messages: [{ role: 'user', content: 'Hello' }], ...body };
  const { request } = convertToGeminiRequest({ body: JsonDocument.fromValue(value) }, target);
  return { request, report: translation.toString() };
}

const SCHEMA = { type: 'object', properties: { city: { type: 'string' } } };
const tool = (name: string, more: object = {}) => ({
  type: 'function',
  function: { name, description: `About ${name}`, parameters: SCHEMA, ...more },
});

describe(convertToGeminiRequest, () => {
  it('writes a plain request without settings that nobody asked for', () => {
    const neutral = {
      n: 1,
      stream: false,
      logprobs: false,
      store: false,
      user: null,
      stop: null,
      metadata: {},
      modalities: ['text'],
      verbosity: 'medium',
      service_tier: 'auto',
      parallel_tool_calls: true,
      response_format: { type: 'text' },
    };
    expect(convert(neutral)).toEqual({
      request: { contents: [{ role: 'user', parts: [{ text: 'Hello' }] }] },
      report: '',
    });
  });

  it('carries over the settings under their names', () => {
    const { request, report } = convert({
      max_completion_tokens: 64,
      temperature: 0.5,
      top_p: 0.9,
      top_k: 40,
      n: 2,
      stop: 'END',
      seed: 7,
      presence_penalty: 0.5,
      frequency_penalty: 0.25,
      logprobs: true,
      top_logprobs: 3,
      service_tier: 'default',
    });
    expect(request).toMatchObject({
      serviceTier: 'standard',
      generationConfig: {
        maxOutputTokens: 64,
        temperature: 0.5,
        topP: 0.9,
        topK: 40,
        candidateCount: 2,
        stopSequences: ['END'],
        seed: 7,
        presencePenalty: 0.5,
        frequencyPenalty: 0.25,
        responseLogprobs: true,
        logprobs: 3,
      },
    });
    expect(report).not.toMatch(/dropped|approximated/);
  });

  it('leaves out what models with fixed sampling ignore or refuse', () => {
    const body = { temperature: 0.2, top_p: 1, presence_penalty: 0.5, seed: 7 };
    const { request, report } = convert(body, 'gemini-3.8-flash');
    expect(request.generationConfig).toEqual({ seed: 7 });
    expect(report).toBe('temperature=dropped,presence_penalty=dropped');
  });

  it.each([
    [{ max_tokens: 100_000 }, { maxOutputTokens: 65_536 }, 'max_tokens=approximated'],
    [
      { max_tokens: 5, max_completion_tokens: 6 },
      { maxOutputTokens: 6 },
      'max_tokens=dropped,max_completion_tokens=mapped',
    ],
    [
      { stop: ['a', 'b', 'c', 'd', 'e', 'f'] },
      { stopSequences: ['a', 'b', 'c', 'd', 'e'] },
      'stop=approximated',
    ],
    [
      { modalities: ['text', 'image'] },
      { responseModalities: ['TEXT', 'IMAGE'] },
      'modalities=mapped',
    ],
    [
      { response_format: { type: 'json_object' } },
      { responseMimeType: 'application/json' },
      'response_format.json_object=mapped',
    ],
    [
      { response_format: { type: 'json_schema', json_schema: { name: 'a', schema: SCHEMA } } },
      { responseMimeType: 'application/json', responseSchema: SCHEMA },
      'response_format.json_schema=mapped',
    ],
    [
      {
        response_format: {
          type: 'json_schema',
          json_schema: { schema: { type: 'array', prefixItems: [{ type: 'string' }] } },
        },
      },
      {
        responseMimeType: 'application/json',
        responseJsonSchema: { type: 'array', prefixItems: [{ type: 'string' }] },
      },
      'response_format.json_schema=mapped',
    ],
  ])('%j', (body, generationConfig, report) => {
    const converted = convert(body);
    expect(converted.request.generationConfig).toEqual(generationConfig);
    expect(converted.report).toBe(report);
  });

  it.each([
    ['gemini-2.5-flash', 'none', { includeThoughts: false, thinkingBudget: 0 }, 'mapped'],
    ['gemini-2.5-flash', 'low', { includeThoughts: true, thinkingBudget: 1024 }, 'mapped'],
    ['gemini-2.5-flash', 'xhigh', { includeThoughts: true, thinkingBudget: 24_576 }, 'mapped'],
    ['gemini-2.5-pro', 'none', { includeThoughts: false, thinkingBudget: 128 }, 'approximated'],
    ['gemini-2.5-pro', 'max', { includeThoughts: true, thinkingBudget: 32_768 }, 'mapped'],
    ['gemini-3-flash-preview', 'minimal', { thinkingLevel: 'minimal' }, 'mapped'],
    ['gemini-3-flash-preview', 'none', { thinkingLevel: 'minimal' }, 'approximated'],
    ['gemini-3-pro-preview', 'medium', { thinkingLevel: 'high' }, 'approximated'],
    ['gemini-3.1-pro-preview', 'medium', { thinkingLevel: 'medium' }, 'mapped'],
    ['gemini-3.8-flash', 'minimal', { thinkingLevel: 'low' }, 'approximated'],
    ['models/gemini-3.6-flash', 'xhigh', { thinkingLevel: 'high' }, 'approximated'],
    ['gemini-9-unheard-of', 'high', { thinkingLevel: 'high' }, 'mapped'],
    ['gemini-2.0-flash', 'high', undefined, 'dropped'],
    ['gemini-2.0-flash', 'none', undefined, ''],
    ['gemini-2.5-pro', 'toString', undefined, 'dropped'],
  ])('%s is told to think %s', (model, effort, expected, outcome) => {
    const { request, report } = convert({ reasoning_effort: effort }, model);
    const config = request.generationConfig?.thinkingConfig;
    if (expected) {
      expect(config).toEqual({ includeThoughts: effort !== 'none', ...expected });
    } else expect(config).toBeUndefined();
    expect(report).toBe(outcome === '' ? '' : `reasoning_effort=${outcome}`);
  });

  it('puts all functions into one tool, and searches into another', () => {
    const { request, report } = convert({
      tools: [tool('weather'), tool('time', { parameters: { type: 'object', properties: {} } })],
      web_search_options: {},
    });
    expect(request.tools).toEqual([
      {
        functionDeclarations: [
          { name: 'weather', description: 'About weather', parameters: SCHEMA },
          { name: 'time', description: 'About time' },
        ],
      },
      { googleSearch: {} },
    ]);
    expect(request.toolConfig).toBeUndefined();
    expect(report).toBe('tools.function=mapped,web_search_options=mapped');
  });

  const both = [tool('weather'), tool('time')];
  const strict = [tool('weather', { strict: true }), tool('time')];
  const allowed = (mode: string) => ({
    type: 'allowed_tools',
    allowed_tools: { mode, tools: [{ type: 'function', function: { name: 'time' } }] },
  });
  it.each([
    ['auto', both, undefined],
    ['auto', strict, { mode: 'VALIDATED' }],
    ['none', strict, { mode: 'NONE' }],
    ['required', both, { mode: 'ANY' }],
    [
      { type: 'function', function: { name: 'time' } },
      both,
      { mode: 'ANY', allowedFunctionNames: ['time'] },
    ],
    [allowed('auto'), both, { mode: 'VALIDATED', allowedFunctionNames: ['time'] }],
    [allowed('required'), both, { mode: 'ANY', allowedFunctionNames: ['time'] }],
  ])('tool_choice %j', (tool_choice, tools, functionCallingConfig) => {
    const { request } = convert({ tools, tool_choice });
    expect(request.toolConfig?.functionCallingConfig).toEqual(functionCallingConfig);
  });

  it('offers fewer tools where the family cannot be told which are allowed', () => {
    const { request, report } = convert(
      { tools: both, tool_choice: allowed('auto') },
      'gemini-2.0-flash',
    );
    expect(request.toolConfig).toBeUndefined();
    expect(request.tools).toEqual([
      { functionDeclarations: [expect.objectContaining({ name: 'time' })] },
    ]);
    expect(report).toContain('tool_choice.allowed_tools=emulated');
  });

  it('takes the older form of functions', () => {
    const { request, report } = convert({
      functions: [tool('weather').function],
      function_call: { name: 'weather' },
    });
    expect(request.tools).toMatchObject([{ functionDeclarations: [{ name: 'weather' }] }]);
    expect(request.toolConfig?.functionCallingConfig).toEqual({
      mode: 'ANY',
      allowedFunctionNames: ['weather'],
    });
    expect(report).toBe('functions=approximated,function_call=mapped');
  });

  it('reports a field that nobody knows', () => {
    expect(convert({ frobnicate: 1, nothing: null }).report).toBe('frobnicate=dropped');
  });

  it.each([
    [{ n: 9 }, 'n'],
    [{ modalities: ['text', 'audio'], audio: {} }, 'modalities'],
    [{ tools: [{ type: 'custom', custom: { name: 'a' } }] }, 'tools[0]'],
    [{ response_format: { type: 'grammar' } }, 'response_format'],
    [{ tools: both, tool_choice: { type: 'custom', custom: { name: 'a' } } }, 'tool_choice'],
  ])('refuses %j by name', (body, param) => {
    expect(() => convert(body)).toThrow(
      expect.objectContaining({
        kind: 'rejected',
        status: 400,
        vendorType: 'invalid_request_error',
        vendorCode: 'unsupported_parameter',
        param,
      }),
    );
  });

  it('names the place in a schema when strict', () => {
    const parameters = { type: 'object', properties: { a: { type: 'integer', multipleOf: 2 } } };
    expect(() =>
      convert({ tools: [tool('a', { parameters })] }, 'gemini-2.5-pro', { strict: true }),
    ).toThrow(
      expect.objectContaining({
        param: 'tools[0].function.parameters.properties.a.multipleOf',
      }),
    );
  });
});
