import { describe, expect, it } from 'vitest';
import { mapAnthropicFinishReason } from './map-anthropic-finish-reason.js';

describe(mapAnthropicFinishReason, () => {
  it.each([
    ['end_turn', false, 'stop'],
    ['stop_sequence', false, 'stop'],
    ['pause_turn', false, 'stop'],
    ['compaction', false, 'stop'],
    ['tool_use', true, 'tool_calls'],
    ['tool_use', false, 'stop'],
    ['end_turn', true, 'tool_calls'],
    ['max_tokens', false, 'length'],
    ['max_tokens', true, 'length'],
    ['model_context_window_exceeded', false, 'length'],
    ['refusal', false, 'content_filter'],
    ['refusal', true, 'content_filter'],
    ['a new word', false, 'stop'],
    [null, false, 'stop'],
    [undefined, true, 'tool_calls'],
  ] as const)('%s with calls %s is %s', (reason, hasToolCalls, expected) => {
    expect(mapAnthropicFinishReason(reason, hasToolCalls)).toBe(expected);
  });
});
