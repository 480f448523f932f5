import { describe, expect, it } from 'vitest';
import { findPasswordProblem } from './password-rules.js';
import { newTemporaryPassword } from './temporary-password.js';

const EMAIL = 'grace.hopper@navy.example.com';
const GUESSABLE = 'is one of those that are tried first';

describe(findPasswordProblem.name, () => {
  it.each([
    ['', 'must have at least 12 characters'],
    ['Tr0ub4dor&3', 'must have at least 12 characters'],
    // Eleven as people count them, though more in UTF-16.
    ['🙂'.repeat(11), 'must have at least 12 characters'],
    ['x9'.repeat(129), 'must have at most 256 characters'],
    [EMAIL, 'must not be the e-mail address'],
    [' Grace.Hopper@NAVY.example.com'.trim(), 'must not be the e-mail address'],
    ['grace-hopper-1', GUESSABLE],
    ['password12345', GUESSABLE],
    ['P@ssw0rd!2024', GUESSABLE],
    ['passwordpassword', GUESSABLE],
    ['Administrator1!', GUESSABLE],
    ['Summer-2025-Winter', GUESSABLE],
    ['qwertyuiop123', GUESSABLE],
    ['1q2w3e4r5t6y', GUESSABLE],
    ['123456789012', GUESSABLE],
    ['210987654321', GUESSABLE],
    ['aaaaaaaaaaaaaa', GUESSABLE],
    ['abcdefghijklm', GUESSABLE],
    ['abcabcabcabcabc', GUESSABLE],
    ['------------', GUESSABLE],
    ['correct horse battery staple', GUESSABLE],
  ])('refuses %j: it %s', (password, problem) => {
    expect(findPasswordProblem(password, EMAIL)).toBe(problem);
  });

  it.each([
    'tall-giraffe-near-the-lake',
    'Zwölf Boxkämpfer jagen',
    'kX9#vQ2!mR7w',
    'пароль из трёх слов',
    newTemporaryPassword(),
  ])('takes %j', (password) => {
    expect(findPasswordProblem(password, EMAIL)).toBeUndefined();
  });
});
