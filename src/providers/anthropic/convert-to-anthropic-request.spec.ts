import { describe, expect, it } from 'vitest';
import {
  MANUAL,
  TOOL,
  SENT_TOOL,
  convert,
  convertRest,
  type RequestCase,
} from './anthropic-requests.contract.js';
import { convertToAnthropicRequest } from './convert-to-anthropic-request.js';

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

  const account: RequestCase[] = [
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
    expect(convertRest(model, fields)).toEqual([sent, report]);
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
    expect(body.tools).toEqual([SENT_TOOL]);
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
    expect(() =>
      convert(MANUAL, { messages: [{ role: 'user', content }] }, { strict: true }),
    ).toThrow(refusal);
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
    expect(body.tools).toEqual([SENT_TOOL]);
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
