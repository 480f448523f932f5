import { describe, expect, it } from 'vitest';
import { sentRequest } from '../../../test/support/sent-request.js';
import type { ChatCompletionRequest } from '../chat/chat-api.js';
import { describeProvider } from '../contract/describe-provider.contract.js';
import { totalInput, totalOutput } from '../contract/token-usage.js';
import { convertOpenAiUsage } from '../openai-compatible/convert-openai-usage.js';
import { OPENAI_VENDOR } from '../openai-compatible/openai-answers.contract.js';
import type { Upstream } from '../upstream/upstream.js';
import { XaiProvider } from './xai.provider.js';

const create = (upstream: Upstream) => new XaiProvider(upstream);

describeProvider('xai', { create, vendor: OPENAI_VENDOR });

describe(XaiProvider, () => {
  it.each<[string, Partial<ChatCompletionRequest>, object, string]>([
    ['grok-4.5', { stop: ['x'], presence_penalty: 1 }, {}, 'stop=dropped,presence_penalty=dropped'],
    ['grok-4-fast-non-reasoning', { stop: ['x'] }, { stop: ['x'] }, ''],
    ['grok-3', { stop: ['x'] }, { stop: ['x'] }, ''],
    ['grok-3-mini', { reasoning_effort: 'low' }, { reasoning_effort: 'low' }, ''],
    ['grok-3-mini', { reasoning_effort: 'max' }, { reasoning_effort: 'high' }, 'approximated'],
    ['grok-4.20-0309-reasoning', { reasoning_effort: 'low' }, {}, 'reasoning_effort=dropped'],
    ['grok-4.6', { reasoning_effort: 'xhigh' }, { reasoning_effort: 'xhigh' }, ''],
    ['grok-4', { reasoning_effort: 'high' }, {}, 'reasoning_effort=dropped'],
    ['grok-4.5', { top_logprobs: 20 }, { top_logprobs: 8 }, 'top_logprobs=approximated'],
    ['grok-4.5', { service_tier: 'fast' }, { service_tier: 'priority' }, 'service_tier=mapped'],
    ['grok-4.5', { max_tokens: 9 }, { max_tokens: 9 }, ''],
  ])('sends to %s for %j only %j: %s', async (model, request, expected, report) => {
    const sent = await sentRequest(create, request, { model });
    const { model: _model, messages: _messages, ...rest } = sent.body;
    expect(rest).toEqual(expected);
    for (const part of report.split(',')) expect(sent.report).toContain(part);
    if (report === '') expect(sent.report).toBe('');
  });

  it('counts reasoning beside the completion, and what the call cost', () => {
    const usage = convertOpenAiUsage({
      prompt_tokens: 12,
      completion_tokens: 1,
      total_tokens: 241,
      prompt_tokens_details: { text_tokens: 12, cached_tokens: 2 },
      completion_tokens_details: { reasoning_tokens: 228 },
      num_sources_used: 0,
      cost_in_usd_ticks: 1_176_500,
    })!;
    expect(usage).toMatchObject({
      inputUncached: 10,
      cacheRead: 2,
      outputText: 1,
      outputReasoning: 228,
      providerCostNanoUsd: 117_650,
    });
    // total = prompt + completion + reasoning
    expect(totalInput(usage) + totalOutput(usage)).toBe(241);
  });
});
