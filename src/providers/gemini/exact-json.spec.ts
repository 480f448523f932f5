import { describe, expect, it } from 'vitest';
import { parseExactJson } from './exact-json.js';

describe(parseExactJson, () => {
  it.each([
    '{"id":12345678901234567890,"n":-98765432109876543210,"x":1.5,"s":"12345678901234567890"}',
    '{"b":1,"a":[9007199254740993],"__proto__":{"c":1}}',
    '{"small":1}',
  ])('writes %s as it was', (text) => {
    expect(JSON.stringify(parseExactJson(text))).toBe(text);
  });

  it('leaves numbers that fit as numbers', () => {
    expect(parseExactJson('{"a":1234567890123456}')).toEqual({ a: 1_234_567_890_123_456 });
  });

  it('refuses what is no JSON', () => {
    expect(() => parseExactJson('{12345678901234567')).toThrow(SyntaxError);
  });
});
