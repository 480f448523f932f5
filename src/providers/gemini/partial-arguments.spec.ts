import { describe, expect, it } from 'vitest';
import { PartialArguments } from './partial-arguments.js';

const argumentsOf = (...pieces: object[]) => {
  const sut = new PartialArguments();
  for (const piece of pieces) sut.add([piece]);
  return sut.toString();
};

describe(PartialArguments, () => {
  it('joins a text that goes on, and starts anew where it ended', () => {
    const jsonPath = '$.city';
    const json = argumentsOf(
      { jsonPath, stringValue: 'Ber', willContinue: true },
      { jsonPath, stringValue: 'lin', willContinue: true },
      { jsonPath, stringValue: '' },
      { jsonPath: '$.day', stringValue: 'to', willContinue: true },
      { jsonPath: '$.day', stringValue: 'day' },
    );
    expect(json).toBe('{"city":"Berlin","day":"today"}');
  });

  it('builds lists, objects and all kinds of values', () => {
    const json = argumentsOf(
      { jsonPath: '$.a[0].b', numberValue: 0.5 },
      { jsonPath: '$.a[0].c', boolValue: false },
      { jsonPath: '$.a[1][0]', nullValue: 'NULL_VALUE' },
      { jsonPath: `$['it\\'s']["x.y"]`, stringValue: '' },
      { jsonPath: '$.__proto__.polluted', boolValue: true },
    );
    expect(json).toBe(
      '{"a":[{"b":0.5,"c":false},[null]],"it\'s":{"x.y":""},"__proto__":{"polluted":true}}',
    );
    expect({}).not.toHaveProperty('polluted');
  });

  it('is an empty object without pieces', () => {
    expect(argumentsOf()).toBe('{}');
  });

  it.each([{}, { jsonPath: '$' }, { jsonPath: '$.a[1000000]' }, { jsonPath: '$..a' }])(
    'refuses %j',
    (piece) => {
      expect(() => argumentsOf(piece)).toThrow(
        expect.objectContaining({ kind: 'invalid_response' }),
      );
    },
  );
});
