import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  collectIndexes,
  countCharacters,
  hasMember,
  hasValueStartingWith,
  saysSomething,
} from './scan-chunk.js';

describe(saysSomething, () => {
  it.each([
    ['{"usage":{"prompt_tokens":1}}', true],
    ['{"usage" : {"prompt_tokens":1}}', true],
    ['{"usage":null}', false],
    ['{"usage": null}', false],
    ['{"usage":""}', false],
    ['{"usage":[]}', false],
    ['{"usage":[ ]}', false],
    ['{"x":{"usage":null},"usage":{}}', true],
    ['{"content":"usage"}', false],
    ['{"content":"\\"usage\\":1"}', false],
    ['{"content":"say \\"usage\\": 1","usage":null}', false],
    ['{"usages":1}', false],
    ['{}', false],
  ])('%s → %s', (json, expected) => {
    expect(saysSomething(json, 'usage"')).toBe(expected);
  });

  it('never takes text for a member', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const content = `"usage":{${text}"usage":1`;
        return !saysSomething(JSON.stringify({ content, usage: null }), 'usage"');
      }),
    );
  });
});

it('finds members and the first character of their values', () => {
  expect(hasMember('{"role":null}', 'role"')).toBe(true);
  expect(hasMember('{"content":"role"}', 'role"')).toBe(false);
  expect(hasValueStartingWith('{"content": [1]}', 'content"', '[')).toBe(true);
  expect(hasValueStartingWith('{"content":"[1]"}', 'content"', '[')).toBe(false);
});

it('collects indexes and says when one is new', () => {
  const known = new Set<number>();
  expect(collectIndexes('{"index":0,"x":[{"index": 12}]}', known)).toBe(true);
  expect([...known]).toEqual([0, 12]);
  expect(collectIndexes('{"index":12}', known)).toBe(false);
  expect(collectIndexes('{"content":"\\"index\\":7"}', known)).toBe(false);
});

describe(countCharacters, () => {
  it.each([
    [{ delta: { content: 'abc' } }, 3],
    [{ delta: { content: null, reasoning_content: 'abcd' } }, 4],
    [{ delta: { reasoning: 'abcd' } }, 4],
    [{ delta: { reasoning: 'abcd', reasoning_content: 'abcd' } }, 4],
    [
      {
        delta: {
          tool_calls: [{ function: { arguments: 'ab' } }, { function: { arguments: 'c' } }],
        },
      },
      3,
    ],
    [{ delta: { refusal: 'no' } }, 2],
    [{ delta: { content: '' } }, 0],
    [{ delta: {}, logprobs: { content: [] } }, 0],
    [{ choices: [] }, 0],
  ])('%j → %i', (chunk, expected) => {
    expect(countCharacters(JSON.stringify(chunk))).toBe(expected);
  });

  it('sees where a string ends, whatever is in it', () => {
    expect(countCharacters('{"delta":{"content":"a\\\\"},"x":"no"}')).toBe(3);
    expect(countCharacters('{"delta":{"content":"a\\"b"},"x":"no"}')).toBe(4);
  });
});
