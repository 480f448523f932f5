import { describe, expect, it } from 'vitest';
import { ChunkTemplate } from './chunk-template.js';
import { chunk } from './openai-answers.contract.js';

const json = (delta: object, finish: string | null = null, more: object = {}) =>
  JSON.stringify({ ...chunk(delta, finish), ...more });

describe(ChunkTemplate, () => {
  it.each([
    ['the same member', { content: 'a' }, { content: 'a "b" \\ c\n' }, 14],
    ['an empty text', { content: 'a' }, { content: '' }, 0],
    ['reasoning', { reasoning_content: 'a' }, { reasoning_content: 'bc' }, 2],
    [
      'a member beside it',
      { content: null, reasoning: 'a' },
      { content: null, reasoning: 'bc' },
      2,
    ],
    [
      'tool arguments',
      { tool_calls: [{ index: 0, function: { arguments: '{' } }] },
      { tool_calls: [{ index: 0, function: { arguments: '"a"' } }] },
      5,
    ],
    ['another member', { content: 'a' }, { reasoning: 'a' }, -1],
    ['one member more', { content: 'a' }, { content: 'a', role: 'assistant' }, -1],
    [
      'another call',
      { tool_calls: [{ index: 0, function: { arguments: '{' } }] },
      { tool_calls: [{ index: 1, function: { arguments: '{' } }] },
      -1,
    ],
    ['a list in place of text', { content: 'a' }, { content: ['a'] }, -1],
  ])('%s', (_name, first, second, characters) => {
    expect(ChunkTemplate.of(json(first))?.match(json(second))).toBe(characters);
  });

  it.each([
    ['a finish reason', json({ content: 'b' }, 'stop')],
    ['usage', json({ content: 'b' }, null, { usage: {} })],
    ['an error', json({ content: 'b' }, null, { error: {} })],
    ['half a chunk', json({ content: 'b' }).slice(0, -1)],
    ['text without end', json({ content: 'b' }).slice(0, -60)],
    ['text after it', `${json({ content: 'b' })}}`],
    ['nothing', ''],
  ])('does not fit %s', (_name, other) => {
    expect(ChunkTemplate.of(json({ content: 'a' }))?.match(other)).toBe(-1);
  });

  it('looks past padding, and at what follows it', () => {
    const padded = (content: string, obfuscation: string, more: object = {}) =>
      json({ content }, null, { obfuscation, ...more });
    const template = ChunkTemplate.of(padded('a', 'xyz', { tail: 1 }));
    expect(template?.match(padded('bcd', 'longer', { tail: 1 }))).toBe(3);
    expect(template?.match(padded('bcd', 'xyz', { tail: 2 }))).toBe(-1);
    expect(template?.match(padded('bcd', 'xyz', { tail: 1, error: 'x' }))).toBe(-1);
  });

  it('needs a text', () => {
    expect(ChunkTemplate.of(json({}))).toBeUndefined();
    expect(ChunkTemplate.of(json({ content: '' }))).toBeUndefined();
    expect(ChunkTemplate.of('{"choices":[]}')).toBeUndefined();
  });
});
