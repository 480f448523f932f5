import { inspect } from 'node:util';
import { assert, constantFrom, integer, property, string, uint8Array } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { API_KEY_BYTES, apiKeyFromBytes, generateApiKey, parseApiKeyId } from './api-key-format.js';

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

describe(generateApiKey.name, () => {
  it('has the documented form', () => {
    const { id, key } = generateApiKey();
    expect(key.reveal()).toMatch(/^sk-lp_[0-9A-Za-z]{12}_[0-9A-Za-z]{38}$/);
    expect(key.reveal().slice(6, 18)).toBe(id);
  });

  it('never repeats itself', () => {
    const keys = Array.from({ length: 2_000 }, generateApiKey);
    expect(new Set(keys.map(({ id }) => id)).size).toBe(2_000);
    expect(new Set(keys.map(({ key }) => key.reveal())).size).toBe(2_000);
  });

  it('cannot be printed by accident', () => {
    const created = generateApiKey();
    const printed = [
      inspect(created, { depth: 9, showHidden: true }),
      JSON.stringify(created),
      String(created.key),
    ];
    for (const text of printed) expect(text).not.toContain(created.key.reveal().slice(19));
  });
});

describe(parseApiKeyId.name, () => {
  const anyKey = uint8Array({ minLength: API_KEY_BYTES, maxLength: API_KEY_BYTES, max: 247 }).map(
    apiKeyFromBytes,
  );

  it('gives the id of every key that was made', () => {
    assert(
      property(anyKey, ({ id, key }) => {
        expect(parseApiKeyId(key.reveal())).toBe(id);
      }),
    );
  });

  it('refuses every key in which one character was changed', () => {
    const position = integer({ min: 0, max: 56 });
    assert(
      property(
        anyKey,
        position,
        constantFrom(...ALPHABET.split('')),
        ({ key }, index, character) => {
          const text = key.reveal();
          const changed = text.slice(0, index) + character + text.slice(index + 1);
          if (changed !== text) expect(parseApiKeyId(changed)).toBeUndefined();
        },
      ),
      { numRuns: 500 },
    );
  });

  it('refuses every key in which two neighbours were swapped, and every shortened or longer one', () => {
    assert(
      property(anyKey, integer({ min: 19, max: 55 }), ({ key }, index) => {
        const text = key.reveal();
        const swapped =
          text.slice(0, index) + text[index + 1] + text[index] + text.slice(index + 2);
        if (swapped !== text) expect(parseApiKeyId(swapped)).toBeUndefined();
        expect(parseApiKeyId(text.slice(0, -1))).toBeUndefined();
        expect(parseApiKeyId(`${text}0`)).toBeUndefined();
        expect(parseApiKeyId(`${text}\n`)).toBeUndefined();
      }),
    );
  });

  it('refuses any other text', () => {
    assert(
      property(string({ maxLength: 80 }), (text) => {
        expect(parseApiKeyId(text)).toBeUndefined();
      }),
    );
  });
});
