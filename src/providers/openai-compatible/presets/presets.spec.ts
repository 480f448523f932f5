import { describe, expect, it } from 'vitest';
import { createInstance, createTarget } from '../../../../test/support/provider-fixtures.js';
import { sentRequest } from '../../../../test/support/sent-request.js';
import { JsonDocument } from '../../../common/json/json-document.js';
import type { ChatCompletionRequest, ChatMessage } from '../../chat/chat-api.js';
import { CHAT_FIELD_SAMPLES } from '../../chat/chat-field-samples.contract.js';
import { CHAT_FIELDS } from '../../chat/chat-fields.js';
import { totalInput, totalOutput } from '../../contract/token-usage.js';
import { ProviderError } from '../../contract/provider-error.js';
import type { Upstream } from '../../upstream/upstream.js';
import { convertOpenAiUsage } from '../convert-openai-usage.js';
import { OpenAiCompatibleProvider } from '../openai-compatible.provider.js';
import { findPreset, presetSettings, PRESETS_TABLE } from './presets.js';
import { shortCallId } from './short-call-ids.js';

const NAMES = [
  'groq',
  'mistral',
  'together',
  'fireworks',
  'perplexity',
  'moonshot',
  'vllm',
  'lmstudio',
];

const create = (upstream: Upstream) => new OpenAiCompatibleProvider(upstream);
const send = (preset: string, request: Partial<ChatCompletionRequest> | string) =>
  sentRequest(create, request, { settings: { preset } });

describe('presets', () => {
  it.each(NAMES)('%s is one, with an address', (preset) => {
    expect(presetSettings.parse({ preset })).toEqual({ preset });
    const { baseUrl, requiresApiKey } = create({} as Upstream).defaultsFor({ preset });
    expect(URL.canParse(baseUrl ?? '')).toBe(true);
    expect(requiresApiKey).toBe(baseUrl?.startsWith('https:'));
  });

  it('names them when it is given another', () => {
    const { error } = presetSettings.safeParse({ preset: 'grok' });
    expect(error?.issues[0]?.message).toBe(`must be one of ${NAMES.join(', ')}`);
  });

  describe.each(NAMES)('%s does with a field what its table says', (preset) => {
    const { book } = findPreset({ preset })!;

    it.each(CHAT_FIELDS)('%s', (field) => {
      const target = createTarget(createInstance('https://vendor.example'));
      const body = JsonDocument.fromValue<ChatCompletionRequest>({
        model: 'model',
        messages: [{ role: 'user', content: 'Hello' }],
        ...CHAT_FIELD_SAMPLES[field],
      });
      let outcome = 'dropped';
      try {
        book.rewrite(body, target);
        outcome = target.translation.outcomeOf(field);
      } catch (error) {
        expect(error).toBeInstanceOf(ProviderError);
        expect((error as ProviderError).param).toBeTruthy();
      }
      const declared = book.table[field];
      expect(typeof declared === 'string' ? [declared] : declared.outcomes).toContain(outcome);
      const shared = PRESETS_TABLE[field];
      expect(typeof shared === 'string' ? [shared] : shared.outcomes).toContain(outcome);
    });
  });

  it('passes everything without one', async () => {
    const text = '{"messages":[{"role":"developer","content":"a"}], "seed":12345678901234567890}';
    expect(await sentRequest(create, text)).toMatchObject({ text, report: '' });
  });

  it.each<[string, Partial<ChatCompletionRequest>, object]>([
    ['vllm', { max_completion_tokens: 9 }, { max_tokens: 9 }],
    [
      'vllm',
      { chat_template_kwargs: { a: 1 }, top_k: 5 },
      { chat_template_kwargs: { a: 1 }, top_k: 5 },
    ],
    ['groq', { logprobs: true, service_tier: 'default' }, { service_tier: 'on_demand' }],
    ['moonshot', { temperature: 1.5 }, { temperature: 1 }],
    [
      'lmstudio',
      { response_format: { type: 'json_object' } },
      {
        response_format: {
          type: 'json_schema',
          json_schema: { name: 'answer', schema: { type: 'object' } },
        },
      },
    ],
    [
      'mistral',
      { stream_options: { include_usage: true }, tool_choice: 'required' },
      { tool_choice: 'any' },
    ],
  ])('%s turns %j into %j', async (preset, request, expected) => {
    const { body } = await send(preset, request);
    const { model: _model, messages: _messages, ...rest } = body;
    expect(rest).toEqual(expected);
  });

  it('keeps the digits of a seed under its other name', async () => {
    const text = '{"messages":[{"role":"user","content":"a"}],"seed":12345678901234567890}';
    expect((await send('mistral', text)).text).toBe(
      '{"messages":[{"role":"user","content":"a"}],"random_seed":12345678901234567890}',
    );
  });

  it('hashes foreign ids of calls to nine characters, the same for call and result', async () => {
    const call = (id: string) => ({
      id,
      type: 'function' as const,
      function: { name: 'f', arguments: '{}' },
    });
    const messages: ChatMessage[] = [
      { role: 'assistant', content: null, tool_calls: [call('call_1'), call('D681PevKs')] },
      { role: 'tool', tool_call_id: 'call_1', content: 'a' },
      { role: 'tool', tool_call_id: 'D681PevKs', content: 'b' },
    ];
    const { body, report } = await send('mistral', { messages });
    const sent = body['messages'] as ChatMessage[];
    const ids = sent[0]?.tool_calls?.map(({ id }) => id);
    expect(ids).toEqual([expect.stringMatching(/^[a-zA-Z0-9]{9}$/), 'D681PevKs']);
    expect(sent.slice(1).map(({ tool_call_id: id }) => id)).toEqual(ids);
    expect(shortCallId('call_1')).toBe(ids?.[0]);
    expect(report).toBe('messages.tool_calls=mapped');
  });

  it('marks the beginning of an answer', async () => {
    const { body } = await send('mistral', {
      messages: [
        { role: 'user', content: 'Go' },
        { role: 'assistant', content: 'On' },
      ],
    });
    expect(body['messages']).toContainEqual({ role: 'assistant', content: 'On', prefix: true });
  });

  it('sends only the tools that may be used', async () => {
    const tool = (name: string) => ({ type: 'function', function: { name } });
    const { body, report } = await send('mistral', {
      tools: [tool('a'), tool('b')],
      tool_choice: {
        type: 'allowed_tools',
        allowed_tools: { mode: 'required', tools: [tool('b')] },
      },
    });
    expect(body).toMatchObject({ tools: [tool('b')], tool_choice: 'any' });
    expect(report).toBe('tool_choice.allowed_tools=emulated,tool_choice.required=mapped');
  });

  it('counts what Perplexity counts beside the completion', () => {
    const raw = {
      prompt_tokens: 33,
      completion_tokens: 7163,
      total_tokens: 7196,
      citation_tokens: 20_016,
      reasoning_tokens: 73_997,
      num_search_queries: 18,
    };
    const usage = convertOpenAiUsage(raw, undefined, findPreset({ preset: 'perplexity' })?.usage)!;
    expect(totalInput(usage)).toBe(33);
    expect(totalOutput(usage)).toBe(7163 + 20_016 + 73_997);
    expect(usage).toMatchObject({ outputReasoning: 73_997, webSearches: 18, raw });
  });
});
