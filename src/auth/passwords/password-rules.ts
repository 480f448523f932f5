import { ApiError } from '../../common/errors/api-error.js';
import { COMMON_WORDS } from './common-words.js';

/** Characters as people count them. */
export const MIN_PASSWORD_LENGTH = 12;
export const MAX_PASSWORD_LENGTH = 256;

/** Characters that must be left of a password without what anybody would try first. */
const MIN_OWN_CHARACTERS = 6;

const LOOKALIKES: Readonly<Record<string, string>> = {
  '@': 'a',
  $: 's',
  '0': 'o',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '7': 't',
};

/** Throws `invalid_value` with `param` for a password that is too short, too long or easily guessed. */
export function refuseWeakPassword(
  password: string,
  { email, param }: { email: string; param: string },
): void {
  const problem = findPasswordProblem(password, email);
  if (problem === undefined) return;
  throw new ApiError('invalid_value', `The password ${problem}.`, { param });
}

/** What is wrong with it, as the end of a sentence that begins with "The password". */
export function findPasswordProblem(password: string, email: string): string | undefined {
  const { length } = [...password];
  if (length < MIN_PASSWORD_LENGTH) return `must have at least ${MIN_PASSWORD_LENGTH} characters`;
  if (length > MAX_PASSWORD_LENGTH) return `must have at most ${MAX_PASSWORD_LENGTH} characters`;
  const own = password.toLowerCase();
  const words = wordsOf(email);
  if (own === email.trim().toLowerCase()) return 'must not be the e-mail address';
  const readings = [own, own.replace(/[@$03457]/g, (sign) => LOOKALIKES[sign] ?? '')];
  const isGuessable = readings.some((text) => ownPart(text, words).length < MIN_OWN_CHARACTERS);
  return isGuessable ? 'is one of those that are tried first' : undefined;
}

/** The parts of an address that its owner would put into a password. */
function wordsOf(email: string): string[] {
  return email
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word.length >= 4);
}

/** Without common words, the owner's own, years, runs such as 1234 or aaaa, and signs. */
function ownPart(text: string, words: readonly string[]): string {
  const known = [...words, ...COMMON_WORDS].toSorted((one, other) => other.length - one.length);
  const letters = text.replace(/[^\p{L}\p{N}]+/gu, '');
  const rest = known.reduce((left, word) => left.replaceAll(word, ''), letters);
  return withoutRuns(rest.replace(/(?:19|20)\d\d/g, ''));
}

/** Takes out three and more characters in a row that are the same, or go up or down by one. */
function withoutRuns(text: string): string {
  const characters = [...text];
  const kept: string[] = [];
  for (let start = 0; start < characters.length;) {
    const end = endOfRun(characters, start);
    if (end - start < 3) kept.push(...characters.slice(start, end));
    start = end;
  }
  return kept.join('');
}

function endOfRun(characters: readonly string[], start: number): number {
  const step = stepAt(characters, start);
  if (step === undefined || Math.abs(step) > 1) return start + 1;
  let end = start + 1;
  while (stepAt(characters, end - 1) === step) end += 1;
  return end - start < 3 ? start + 1 : end;
}

function stepAt(characters: readonly string[], index: number): number | undefined {
  const [one, next] = [characters[index], characters[index + 1]];
  if (one === undefined || next === undefined) return undefined;
  return (next.codePointAt(0) as number) - (one.codePointAt(0) as number);
}
