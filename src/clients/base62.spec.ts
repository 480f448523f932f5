import { assert, integer, property } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { base62FromBytes, base62FromInteger } from './base62.js';

describe(base62FromBytes.name, () => {
  it('gives every character for the same number of byte values', () => {
    const everyByte = Uint8Array.from({ length: 256 }, (_, byte) => byte);
    const counts = new Map<string, number>();
    for (const character of base62FromBytes(everyByte, 248)) {
      counts.set(character, (counts.get(character) ?? 0) + 1);
    }
    expect(counts.size).toBe(62);
    expect(new Set(counts.values())).toEqual(new Set([4]));
  });

  it('skips the bytes that would favour some characters', () => {
    expect(base62FromBytes(Uint8Array.of(248, 255, 0, 251, 61), 2)).toBe('0z');
  });

  it('refuses to make up what the bytes do not give', () => {
    expect(() => base62FromBytes(Uint8Array.of(1, 2, 255), 3)).toThrow(RangeError);
  });
});

describe(base62FromInteger.name, () => {
  it('keeps every 32-bit number apart in six characters', () => {
    assert(
      property(
        integer({ min: 0, max: 0xffffffff }),
        integer({ min: 0, max: 0xffffffff }),
        (a, b) => {
          const texts = [base62FromInteger(a, 6), base62FromInteger(b, 6)];
          expect(texts.map((text) => text.length)).toEqual([6, 6]);
          expect(texts[0] === texts[1]).toBe(a === b);
        },
      ),
    );
  });

  it.each([
    [0, '000000'],
    [61, '00000z'],
    [62, '000010'],
    [0xffffffff, '4gfFC3'],
  ])('writes %d as %s', (value, text) => {
    expect(base62FromInteger(value, 6)).toBe(text);
  });
});
