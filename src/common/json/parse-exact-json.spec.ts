import { describe, expect, it } from 'vitest';
import { parseExactJson, parseVerbatimJson } from './parse-exact-json.js';

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

describe(parseVerbatimJson, () => {
  it.each([
    '{"a":[0.12345678901234567891]}',
    '{"id":12345678901234567890,"at":1700000000000000}',
    '{"__proto__":{"x":1.00000000000000000001e3}}',
  ])('writes %s as it was', (text) => {
    expect(JSON.stringify(parseVerbatimJson(text))).toBe(text);
  });

  it('leaves numbers that fit as numbers', () => {
    const text = '{"at":1700000000000000,"short":0.5,"text":"1234567890123456"}';
    expect(parseVerbatimJson(text)).toEqual(JSON.parse(text));
  });

  it('refuses what is no JSON', () => {
    expect(() => parseVerbatimJson('{"a":12345678901234567890')).toThrow(SyntaxError);
  });
});
