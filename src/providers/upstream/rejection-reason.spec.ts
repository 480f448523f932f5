import { describe, expect, it } from 'vitest';
import { rejectionReason } from './rejection-reason.js';

describe(rejectionReason, () => {
  it.each([
    { code: 'context_length_exceeded', message: 'Too long' },
    {
      type: 'exceed_context_size_error',
      message: 'the request exceeds the available context size',
    },
    { message: "This model's maximum context length is 8192 tokens. However, you requested 9000" },
    { message: 'Your input exceeds the context window of this model.' },
    { message: 'prompt is too long: 201000 tokens > 200000 maximum' },
    { message: 'input length and `max_tokens` exceed context limit: 190000 + 20000 > 200000' },
    {
      message:
        'The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).',
    },
    { message: 'the input length exceeds the context length' },
    { message: "This model's maximum prompt length is 131072 but the request contains 200000" },
    { message: 'Invalid request: Your request exceeded model token limit: 8192' },
    { message: 'Prompt contains 40000 tokens, too large for model with 32768 maximum' },
    { message: 'The decoder prompt (length 5000) is longer than the maximum model length of 4096' },
    { message: '`inputs` tokens + `max_new_tokens` must be <= 4097' },
  ])('knows a request that is too long: $message', (fields) => {
    expect(rejectionReason(fields)).toBe('context_length');
  });

  it.each([
    { code: 'content_filter', message: 'The response was filtered' },
    { code: 'content_policy_violation', message: 'Your request was rejected' },
    { message: 'Your input was flagged', type: 'invalid_request_error' },
    { message: 'Blocked', moderated: true },
  ])('knows content that is not served: $message', (fields) => {
    expect(rejectionReason(fields)).toBe('content_policy');
  });

  it.each([
    { code: 'invalid_value', message: "Invalid value for 'temperature'" },
    { message: 'max_tokens is too large: 99999. This model supports at most 16384' },
    { code: 'string_above_max_length', message: 'Invalid user: string too long' },
    {},
  ])('sees nothing of the kind in $message', (fields) => {
    expect(rejectionReason(fields)).toBeUndefined();
  });
});
