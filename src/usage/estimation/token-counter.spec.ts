import { readFileSync } from 'node:fs';
import { countTokens } from 'gpt-tokenizer/encoding/o200k_base';
import { describe, expect, it } from 'vitest';
import { TokenCounter } from './token-counter.js';
import { Vocabulary } from './vocabulary.js';

const FILE = new URL(import.meta.resolve('gpt-tokenizer/data/o200k_base.tiktoken'));
const sut = new TokenCounter(new Vocabulary(readFileSync(FILE)));

const SOURCE = readFileSync(new URL('./vocabulary.ts', import.meta.url), 'utf8');

/** Always the same text, of characters from all over Unicode, lone surrogates apart. */
function mixture(length: number): string {
  let seed = 1;
  const next = (below: number): number => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed % below;
  };
  const alphabets = [0x20, 0x30, 0x61, 0xe0, 0x430, 0x5d0, 0x4e00, 0xac00, 0x1f600];
  return Array.from({ length }, () =>
    String.fromCodePoint(alphabets[next(alphabets.length)]! + next(40)),
  ).join('');
}

describe(TokenCounter.name, () => {
  it.each([
    ['nothing', ''],
    ['prose', "They didn't count the crew, and SEVEN ships left; it's 1234567 miles."],
    ['code', SOURCE],
    ['numbers', '3.14159265358979323846 00000000 1e-9'],
    ['Chinese', '在任何人清点船员之前，七艘船离开了港口。'],
    ['Arabic', 'غادرت سبع سفن الميناء قبل أن يعد أحد الطاقم.'],
    ['Thai', 'เรือเจ็ดลำออกจากท่าก่อนที่ใครจะนับลูกเรือ'],
    ['emoji', '👩‍👩‍👧‍👦🏳️‍🌈😀😀😀 ok'],
    ['blanks and lines', '  \n\n\t  a  \r\n\r\n   b   '],
    ['base64', Buffer.from(SOURCE).toString('base64').slice(0, 1000)],
    ['one character', 'a'.repeat(500)],
    ['what is no word', 'zxqvjkwpfhgbzxqvjkwpfhgb'],
    ['the name of a special token', 'a <|endoftext|> b'],
    ['everything', mixture(3_000)],
  ])('counts %s as the tokenizer of the vocabulary does', (_what, text) => {
    expect(sut.count(text)).toBe(countTokens(text, { disallowedSpecial: new Set() }));
  });
});
