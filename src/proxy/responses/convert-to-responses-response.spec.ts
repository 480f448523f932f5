import { describe, expect, it } from 'vitest';
import { TranslationReport } from '../../providers/contract/translation.js';
import { NO_USAGE } from '../../providers/contract/token-usage.js';
import type { ChatChoice, ChatCompletion } from '../../providers/chat/chat-api.js';
import { convertFromResponsesRequest } from './convert-from-responses-request.js';
import { convertToResponsesResponse } from './convert-to-responses-response.js';
import { mintResponseId, type AnswerContext } from './response-envelope.js';
import type { ResponsesRequest } from './responses-api.js';
import { ToolNames } from './tool-names.js';

type Message = Partial<ChatChoice['message']>;

function completionOf(message: Message, rest: Partial<ChatChoice> = {}): ChatCompletion {
  return {
    id: 'chatcmpl-1',
    object: 'chat.completion',
    created: 1,
    model: 'vendor-model',
    service_tier: 'priority',
    choices: [
      {
        index: 0,
        message: { role: 'assistant', content: null, refusal: null, ...message },
        logprobs: null,
        finish_reason: 'stop',
        ...rest,
      },
    ],
  };
}

function contextOf(request: Partial<ResponsesRequest> = {}): AnswerContext {
  return {
    id: 'resp_abc',
    createdAt: 1_700_000_000,
    request: { model: 'alias', input: 'Hello', ...request },
    tools: new ToolNames(),
    isStored: false,
  };
}

/** What the published type requires, and what other implementations of the API send as well. */
const MEMBERS = `id object created_at completed_at status background error incomplete_details
  instructions max_output_tokens max_tool_calls model output parallel_tool_calls
  previous_response_id presence_penalty frequency_penalty prompt_cache_key reasoning
  safety_identifier service_tier store temperature text tool_choice tools top_logprobs top_p
  truncation usage user metadata`.split(/\s+/);

describe(convertToResponsesResponse.name, () => {
  it('has every member that clients rely on', () => {
    const response = convertToResponsesResponse(
      completionOf({ content: 'Hello' }),
      contextOf(),
      {},
    );
    expect(Object.keys(response).sort()).toEqual(MEMBERS.sort());
    expect(response).toMatchObject({
      id: 'resp_abc',
      model: 'vendor-model',
      status: 'completed',
      service_tier: 'priority',
      usage: null,
      tool_choice: 'auto',
      tools: [],
      metadata: {},
      temperature: 1,
      text: { format: { type: 'text' } },
    });
  });

  it('says what was asked for', () => {
    const tools = [{ type: 'function', name: 'f' }];
    const asked = {
      instructions: 'Be brief.',
      temperature: 0,
      metadata: { a: 'b' },
      reasoning: { effort: 'low' },
      tool_choice: 'required',
      parallel_tool_calls: false,
    };
    const response = convertToResponsesResponse(
      completionOf({ content: 'Hello' }),
      contextOf({ ...asked, tools }),
      { usage: { ...NO_USAGE, inputUncached: 1 }, costNanoUsd: null },
    );
    expect(response).toMatchObject({
      ...asked,
      reasoning: { effort: 'low', summary: null },
      tools: [{ type: 'function', name: 'f', parameters: null, strict: false }],
      usage: { input_tokens: 1, total_tokens: 1, cost: null },
    });
  });

  it.each<[Message, Partial<ChatChoice>, object]>([
    [{ content: 'Hel' }, { finish_reason: 'length' }, { reason: 'max_output_tokens' }],
    [{ refusal: 'No.' }, { finish_reason: 'content_filter' }, { reason: 'content_filter' }],
  ])('is incomplete for %j, %j', (message, rest, details) => {
    const response = convertToResponsesResponse(completionOf(message, rest), contextOf(), {});
    expect(response).toMatchObject({
      status: 'incomplete',
      incomplete_details: details,
      completed_at: null,
      output: [{ type: 'message', status: 'incomplete' }],
    });
  });

  it('comes back as the message that it was made of', () => {
    const message: Message = {
      content: 'I look.',
      reasoning_content: 'Hm',
      reasoning_details: [
        {
          type: 'reasoning.text',
          text: 'Hm',
          signature: 's',
          format: 'anthropic-claude-v1',
          index: 0,
        },
      ],
      tool_calls: [
        {
          id: 'call_a',
          type: 'function',
          function: { name: 'f', arguments: '{"x":1}' },
          extra_content: { google: { thought_signature: 'sig' } },
        },
        { id: 'call_b', type: 'function', function: { name: 'g', arguments: '{}' } },
      ],
    };
    const { output } = convertToResponsesResponse(
      completionOf(message, { finish_reason: 'tool_calls' }),
      contextOf(),
      {},
    );
    const results = ['call_a', 'call_b'].map((id) => ({
      type: 'function_call_output',
      call_id: id,
      output: 'ok',
    }));
    const items = [...output, ...results].map((item, index) => ({ item, path: `input[${index}]` }));
    const report = new TranslationReport(true);
    const { body } = convertFromResponsesRequest({ model: 'm' }, items, report);
    expect(body.messages[0]).toEqual({ role: 'assistant', ...message });
  });

  it('mints ids that differ', () => {
    expect(mintResponseId()).toMatch(/^resp_[0-9a-f]{32}$/);
    expect(mintResponseId()).not.toBe(mintResponseId());
  });
});
