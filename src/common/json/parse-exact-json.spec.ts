import { describe, expect, it } from 'vitest';
import { parseExactJson } from './parse-exact-json.js';

describe(parseExactJson, () => {
  it.each([
    '{"id":12345678901234567890}',
    '[-98765432109876543210,{"a":[9007199254740993]}]',
    '{"id":9007199254740991,"text":"12345678901234567890"}',
    '{"__proto__":{"id":12345678901234567890}}',
    '12345678901234567890',
  ])('writes %s as it was', (text) => {
    expect(JSON.stringify(parseExactJson(text))).toBe(text);
  });

  it('reads other numbers as JSON.parse does', () => {
    const text = '{"a":0.12345678901234567,"b":1e30,"c":1234567890123456}';
    expect(parseExactJson(text)).toEqual(JSON.parse(text));
  });

  it('refuses what is no JSON', () => {
    expect(() => parseExactJson('{"a":12345678901234567890')).toThrow(SyntaxError);
  });
});
