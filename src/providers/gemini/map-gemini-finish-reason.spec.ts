import { describe, expect, it } from 'vitest';
import { allowsEmptyAnswer, mapGeminiFinishReason } from './map-gemini-finish-reason.js';

describe(mapGeminiFinishReason, () => {
  it.each([
    ['STOP', false, 'stop', true],
    ['STOP', true, 'tool_calls', true],
    ['MAX_TOKENS', false, 'length', true],
    ['MAX_TOKENS', true, 'length', true],
    ['SAFETY', false, 'content_filter', true],
    ['RECITATION', false, 'content_filter', true],
    ['BLOCKLIST', false, 'content_filter', true],
    ['PROHIBITED_CONTENT', false, 'content_filter', true],
    ['SPII', false, 'content_filter', true],
    ['LANGUAGE', false, 'content_filter', true],
    ['IMAGE_SAFETY', false, 'content_filter', true],
    ['IMAGE_PROHIBITED_CONTENT', false, 'content_filter', true],
    ['IMAGE_RECITATION', false, 'content_filter', true],
    ['MALFORMED_FUNCTION_CALL', false, 'stop', false],
    ['UNEXPECTED_TOOL_CALL', true, 'tool_calls', false],
    ['TOO_MANY_TOOL_CALLS', false, 'stop', false],
    ['OTHER', false, 'stop', false],
    ['NO_IMAGE', false, 'stop', false],
    ['IMAGE_OTHER', false, 'stop', false],
    ['CONTINUATION', false, 'stop', false],
    ['FINISH_REASON_UNSPECIFIED', false, 'stop', false],
    ['SOMETHING_NEW', true, 'tool_calls', false],
    [undefined, false, 'stop', false],
  ] as const)('%s with calls %s is %s', (reason, hasCalls, expected, mayBeEmpty) => {
    expect(mapGeminiFinishReason(reason, hasCalls)).toBe(expected);
    expect(allowsEmptyAnswer(reason)).toBe(mayBeEmpty);
  });
});
