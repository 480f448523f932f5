import { describe, expect, it } from 'vitest';
import { countCharacters, estimateInputTokens, hasImages } from './measure-messages-request.js';
import type { BlockParam, MessagesRequest } from './messages-api.js';

const IMAGE: BlockParam = { type: 'image', source: { type: 'url', url: 'https://a.test/a.png' } };

function request(...content: BlockParam[]): MessagesRequest {
  return { model: 'm', messages: [{ role: 'user', content }] };
}

describe(countCharacters.name, () => {
  it.each<[string, BlockParam, number]>([
    ['text', { type: 'text', text: 'abcd' }, 4],
    ['an image', IMAGE, 3060],
    ['a call', { type: 'tool_use', id: 'a', name: 'f', input: {} }, 3],
    ['a result', { type: 'tool_result', tool_use_id: 'a', content: [IMAGE] }, 3060],
    ['thinking', { type: 'thinking', thinking: 'abc', signature: 'c2ln' }, 3],
    ['a text document', { type: 'document', title: 't', source: { type: 'text', data: 'abc' } }, 4],
    [
      'a PDF',
      {
        type: 'document',
        source: { type: 'base64', media_type: 'application/pdf', data: 'a'.repeat(80) },
      },
      10,
    ],
  ])('counts %s', (_name, block, characters) => {
    expect(countCharacters(request(block))).toBe(characters);
  });

  it('counts instructions and tools', () => {
    const tools = [{ name: 'f', input_schema: {} }];
    const whole = { ...request({ type: 'text', text: 'ab' }), system: 'abc', tools };
    expect(countCharacters(whole)).toBe(5 + JSON.stringify(tools).length);
  });
});

describe(estimateInputTokens.name, () => {
  it('estimates as the ledger does', () => {
    expect(estimateInputTokens(request({ type: 'text', text: 'abcde' }))).toEqual({
      input_tokens: 2,
    });
  });
});

describe(hasImages.name, () => {
  it.each<[boolean, BlockParam]>([
    [true, IMAGE],
    [true, { type: 'tool_result', tool_use_id: 'a', content: [IMAGE] }],
    [false, { type: 'text', text: 'a' }],
  ])('is %s for %j', (expected, block) => {
    expect(hasImages(request(block))).toBe(expected);
  });
});
