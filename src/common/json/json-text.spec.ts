import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JsonMalformedError, JsonTooDeepError } from './json-text-error.js';
import {
  countElements,
  findMember,
  insertIntoObject,
  scanObject,
  withMembers,
  withoutMembers,
  type JsonObjectText,
} from './json-text.js';

const scan = (text: string, maxDepth = 64): JsonObjectText => scanObject(text, { maxDepth });

const space = fc.stringMatching(/^[ \n\r\t]{0,3}$/);

/** A JSON string of the same meaning, with any character written as an escape here and there. */
const stringText = fc
  .array(fc.tuple(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 }), fc.boolean()), {
    maxLength: 8,
  })
  .map((parts) => {
    const written = parts.map(([part, escape]) =>
      escape ? escapeAll(part) : JSON.stringify(part).slice(1, -1),
    );
    return `"${written.join('')}"`;
  });

const keyText = fc.oneof(
  stringText,
  fc.constantFrom('"model"', '"mod\\u0065l"', '"stream"', '"__proto__"', '"a\\\\"', '"\\""'),
);

function escapeAll(part: string): string {
  return Array.from({ length: part.length }, (_, index) => {
    return `\\u${part.charCodeAt(index).toString(16).padStart(4, '0')}`;
  }).join('');
}

const { value: valueText } = fc.letrec<{ value: string }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 5 },
    stringText,
    fc.constantFrom('true', 'false', 'null', '-0', '1.50', '1e400', '12345678901234567890123'),
    fc
      .tuple(space, fc.array(fc.tuple(space, tie('value'), space), { maxLength: 3 }))
      .map(([pad, items]) => `[${pad}${items.map((item) => item.join('')).join(',')}]`),
    fc
      .tuple(space, fc.array(fc.tuple(space, keyText, space, tie('value')), { maxLength: 3 }))
      .map(([pad, members]) => {
        return `{${pad}${members.map(([a, key, b, value]) => `${a}${key}${b}:${value}`).join(',')}}`;
      }),
  ),
}));

interface WrittenMember {
  before: string;
  key: string;
  value: string;
  after: string;
}

/** An object with the places of its values known, so that a test can say what a change must give. */
interface Written {
  head: string;
  members: WrittenMember[];
  tail: string;
}

const written: fc.Arbitrary<Written> = fc.record({
  head: fc.tuple(space, space).map(([a, b]) => `${a}{${b}`),
  members: fc.array(
    fc
      .tuple(space, keyText, space, space, valueText, space)
      .map(([a, key, b, c, value, after]) => ({
        before: `${a}${key}${b}:${c}`,
        key,
        value,
        after,
      })),
    { maxLength: 5 },
  ),
  tail: space.map((pad) => `}${pad}`),
});

function writeText({ head, members, tail }: Written): string {
  return `${head}${members.map((m) => `${m.before}${m.value}${m.after}`).join(',')}${tail}`;
}

function depthOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  return 1 + Math.max(0, ...Object.values(value).map(depthOf));
}

describe(scanObject.name, () => {
  it('finds every member with its key decoded and its value exact', () => {
    fc.assert(
      fc.property(written, (source) => {
        const text = writeText(source);
        const { members, start, end } = scan(text);
        expect(text.slice(start, end)).toBe(text.trim());
        expect(
          members.map(({ key, valueStart, valueEnd }) => [key, text.slice(valueStart, valueEnd)]),
        ).toEqual(source.members.map(({ key, value }) => [JSON.parse(key), value]));
        expect(members.map(({ keyStart }) => text[keyStart])).toEqual(members.map(() => '"'));
      }),
    );
  });

  it('reports a duplicate key at each of its places and lets the last one count', () => {
    const text = '{"model":"a","x":1,"mod\\u0065l":"b"}';
    const object = scan(text);
    expect(object.members.map((member) => member.key)).toEqual(['model', 'x', 'model']);
    const last = findMember(object, 'model');
    expect(last && text.slice(last.valueStart, last.valueEnd)).toBe('"b"');
    expect(findMember(object, 'absent')).toBeUndefined();
  });

  it('allows exactly maxDepth levels', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.boolean(), (value, indented) => {
        const text = JSON.stringify(value, null, indented ? 2 : 0);
        const depth = depthOf(value);
        expect(() => scan(text, depth)).not.toThrow();
        expect(() => scan(text, depth - 1)).toThrow(JsonTooDeepError);
      }),
    );
  });

  it.each([
    ['{}', 1],
    ['{"a":1}', 1],
    ['{"a":[]}', 2],
    ['{"a":{"b":[{}]}}', 4],
    ['{"a":[[],[],[]],"b":{}}', 3],
    ['{"a":"[[[[{{{{"}', 1],
    ['{"a":"\\"[[[["}', 1],
  ])('counts the levels of %s as %i', (text, depth) => {
    expect(() => scan(text, depth)).not.toThrow();
    expect(() => scan(text, depth - 1)).toThrow(JsonTooDeepError);
  });

  it('stops at the bracket that is one too many', () => {
    const text = `{"a":${'['.repeat(1_000_000)}`;
    let thrown: unknown;
    try {
      scan(text);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(JsonTooDeepError);
    expect(thrown).toMatchObject({ maxDepth: 64, position: 5 + 63 });
  });

  it.each([
    '',
    ' ',
    'null',
    '[1]',
    '"{}"',
    '\ufeff{}',
    '{',
    '{"',
    '{"a',
    '{"a"',
    '{"a":',
    '{"a":}',
    '{"a":,}',
    '{"a":1',
    '{"a":1,}',
    '{"a":1,,"b":2}',
    '{"a" 1}',
    '{a:1}',
    '{"a":"\\"}',
    '{"a":[}',
    '{"a":[',
    '{"a":{"b":"',
    '{"\\x":1}',
    '{} {}',
    '{}}',
    '{"a":1}x',
  ])('refuses %j', (text) => {
    expect(() => scan(text)).toThrow(JsonMalformedError);
  });

  it('ends on any text, with a result or a typed error', () => {
    const pieces = fc.constantFrom('{', '}', '[', ']', '"', '\\', ',', ':', ' ', 'a', '1', '\\u00');
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 40 }), (parts) => {
        const text = `{${parts.join('')}`;
        try {
          scan(text, 3);
        } catch (error) {
          if (error instanceof JsonTooDeepError || error instanceof JsonMalformedError) return;
          throw error;
        }
      }),
      { numRuns: 2000 },
    );
  });

  it.each(Array.from({ length: 24 }, (_, index) => index))(
    'ends a string of %i characters at its own quote, escaped or not',
    (length) => {
      for (const ending of ['', '\\\\', '\\"', '\\\\\\"', '\\\\\\\\']) {
        const value = `"${'x'.repeat(length)}${ending}"`;
        const text = `{"a":${value},"b":"c"}`;
        const member = findMember(scan(text), 'a');
        expect(text.slice(member?.valueStart, member?.valueEnd)).toBe(value);
      }
    },
  );

  it('crosses strings of many megabytes, plain or made of escapes', () => {
    const plain = 'x'.repeat(8_000_000);
    const escapes = '\\"\\\\'.repeat(2_000_000);
    const text = `{"a":"${plain}","b":"${escapes}","c":"\\\\"}`;
    const object = scan(text);
    expect(object.members.map((member) => member.key)).toEqual(['a', 'b', 'c']);
    expect(object.members[0]).toMatchObject({ valueStart: 5, valueEnd: 5 + 8_000_002 });
    expect(object.end).toBe(text.length);
  });
});

describe(withMembers.name, () => {
  it('changes the named member and not one byte more', () => {
    fc.assert(
      fc.property(written, keyText, valueText, (source, rawKey, value) => {
        const key = JSON.parse(rawKey) as string;
        const text = writeText(source);
        const changed = withMembers(text, scan(text), { [key]: value });

        const members = source.members.map((member) =>
          JSON.parse(member.key) === key ? { ...member, value } : member,
        );
        const known = source.members.some((member) => JSON.parse(member.key) === key);
        if (!known) {
          const before = `${JSON.stringify(key)}:`;
          members.push({ before, key: rawKey, value, after: '' });
        }
        expect(changed).toBe(writeText({ ...source, members }));
        expect(Object.entries(JSON.parse(changed) as object)).toContainEqual([
          key,
          JSON.parse(value),
        ]);
      }),
    );
  });

  it('keeps numbers, order, spacing and escapes of what it does not change', () => {
    const text =
      ' {"z" : 12345678901234567890.10,\n\t"model":"gpt" , "a":"\\u00e9\\/", "n":1e400 } ';
    expect(withMembers(text, scan(text), { model: '"other"' })).toBe(
      ' {"z" : 12345678901234567890.10,\n\t"model":"other" , "a":"\\u00e9\\/", "n":1e400 } ',
    );
  });

  it('replaces all duplicates, so that every reader sees the new value', () => {
    const text = '{"model":"a","x":[],"model":"b"}';
    expect(withMembers(text, scan(text), { model: '"c"' })).toBe(
      '{"model":"c","x":[],"model":"c"}',
    );
  });

  it('replaces and adds in one go', () => {
    const text = '{"model":"a","stream":true}';
    const changed = withMembers(text, scan(text), {
      stream_options: '{"include_usage":true}',
      model: '"b"',
      user: 'null',
    });
    expect(changed).toBe(
      '{"model":"b","stream":true,"stream_options":{"include_usage":true},"user":null}',
    );
  });

  it('adds to an empty object', () => {
    expect(withMembers(' { } ', scan(' { } '), { a: '1', b: '2' })).toBe(' { "a":1,"b":2} ');
  });

  it('returns the text itself when nothing is asked', () => {
    expect(withMembers('{"a" :1}', scan('{"a" :1}'), {})).toBe('{"a" :1}');
  });
});

describe(withoutMembers.name, () => {
  it.each([
    ['{"a":1, "b":2, "c":3}', ['a'], '{"b":2, "c":3}'],
    ['{"a":1, "b":2, "c":3}', ['b'], '{"a":1, "c":3}'],
    ['{"a":1, "b":2, "c":3 }', ['c'], '{"a":1, "b":2 }'],
    ['{"a":1, "b":2, "c":3}', ['b', 'c'], '{"a":1}'],
    ['{ "a":1, "b":2 }', ['a', 'b'], '{  }'],
    ['{"a":1,"b":2,"a":3}', ['a'], '{"b":2}'],
    ['{"a":1}', ['x'], '{"a":1}'],
    ['{}', ['x'], '{}'],
  ])('takes out of %s the members %j', (text, keys, expected) => {
    expect(withoutMembers(text, scan(text), new Set(keys))).toBe(expected);
  });
});

describe('single members', () => {
  const text = '{"a":{"b":1}}';

  it('inserts into nested objects, empty or not', () => {
    const empty = '{"a":{ }}';
    const inner = (source: string) => {
      const member = findMember(scan(source), 'a');
      if (!member) throw new Error('no member a');
      return insertIntoObject(source, member.valueStart, member.valueEnd, 'c', 'true');
    };
    expect(inner(text)).toBe('{"a":{"b":1,"c":true}}');
    expect(inner(empty)).toBe('{"a":{ "c":true}}');
    expect(() => inner('{"a":[]}')).toThrow(JsonMalformedError);
  });
});

describe(countElements.name, () => {
  it('counts what JSON.parse would make of an array', () => {
    fc.assert(
      fc.property(
        fc.array(fc.jsonValue()),
        fc.constantFrom(undefined, 1, '\t'),
        (array, indent) => {
          const text = JSON.stringify({ before: '[', data: array, after: [1, 2] }, null, indent);
          const { valueStart = 0, valueEnd = 0 } = findMember(scan(text), 'data') ?? {};
          expect(countElements(text, valueStart, valueEnd)).toBe(array.length);
        },
      ),
    );
  });

  it('counts none of nothing but space', () => {
    expect(countElements('[ \n]', 0, 4)).toBe(0);
    expect(() => countElements('{}', 0, 2)).toThrow(JsonMalformedError);
  });
});
