import fc from 'fast-check';
import { expect, it } from 'vitest';
import { splitText } from './split-text.js';

it.each([
  ['', []],
  ['one', ['one']],
  ['one two', ['one ', 'two']],
  ['  one\n\ntwo ', ['  one\n\n', 'two ']],
  [' \n', [' \n']],
])('splits %j', (text, pieces) => {
  expect([...splitText(text)]).toEqual(pieces);
});

it('loses nothing and cuts no character in two', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 400 }), (text) => {
      const pieces = [...splitText(text)];
      return pieces.join('') === text && pieces.every((piece) => piece.isWellFormed());
    }),
  );
});
