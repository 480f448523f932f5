import { JsonMalformedError, JsonTooDeepError } from './json-text-error.js';

/** Where one member of an object stands in its text; ends are exclusive. */
export interface JsonMember {
  /** Decoded: `"mod\u0065l"` in the text is `model` here. */
  readonly key: string;
  /** Index of the key's opening quote. */
  readonly keyStart: number;
  readonly valueStart: number;
  readonly valueEnd: number;
}

/** The top level of an object in JSON text. Valid only for the very text that was scanned. */
export interface JsonObjectText {
  /** Index of the opening brace. */
  readonly start: number;
  /** Index after the closing brace. */
  readonly end: number;
  /** In order of the text; a key that occurs twice is here twice, and the last one counts. */
  readonly members: readonly JsonMember[];
}

export interface ScanOptions {
  /** Levels of objects and arrays allowed; `{}` has one, `{"a":[]}` two. */
  readonly maxDepth: number;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;

/**
 * Finds the members of a JSON object in one pass over its text, without making values of them.
 *
 * Call it before `JSON.parse`: it bounds the depth, is linear in the length and safe on any text.
 * It is not a validator. Of text that `JSON.parse` accepts, and that is an object, every span is
 * exact; other text is either refused here or gives spans that mean nothing, so parse it as well.
 *
 * @throws JsonTooDeepError when nesting passes `maxDepth`
 * @throws JsonMalformedError when the text is no object, or its top level cannot be followed
 */
export function scanObject(text: string, { maxDepth }: ScanOptions): JsonObjectText {
  const start = skipSpace(text, 0);
  if (text.charCodeAt(start) !== OPEN_BRACE) throw new JsonMalformedError('Expected {', start);
  if (maxDepth < 1) throw new JsonTooDeepError(maxDepth, start);

  const members: JsonMember[] = [];
  let position = skipSpace(text, start + 1);
  let closed = text.charCodeAt(position) === CLOSE_BRACE;
  while (!closed) {
    const member = scanMember(text, position, maxDepth);
    members.push(member);
    position = skipSpace(text, member.valueEnd);
    closed = text.charCodeAt(position) === CLOSE_BRACE;
    if (closed) break;
    expectCode(text, position, COMMA, ', or }');
    position = skipSpace(text, position + 1);
  }

  const end = position + 1;
  const rest = skipSpace(text, end);
  if (rest !== text.length) throw new JsonMalformedError('Unexpected text after the object', rest);
  return { start, end, members };
}

/** The member that counts under `key`, which is the last one, or undefined. */
export function findMember(object: JsonObjectText, key: string): JsonMember | undefined {
  const { members } = object;
  for (let index = members.length - 1; index >= 0; index -= 1) {
    const member = members[index];
    if (member?.key === key) return member;
  }
  return undefined;
}

/**
 * The text with `members` set, all else byte for byte as it was: a key that exists gets the new
 * value at its place (at all of its places, should it be there twice), others are added at the end.
 * Values are JSON text.
 */
export function withMembers(
  text: string,
  object: JsonObjectText,
  members: Readonly<Record<string, string>>,
): string {
  let result = '';
  let copied = 0;
  for (const { key, valueStart, valueEnd } of object.members) {
    if (!Object.hasOwn(members, key)) continue;
    result += text.slice(copied, valueStart) + members[key];
    copied = valueEnd;
  }

  const brace = object.end - 1;
  result += text.slice(copied, brace);
  let separator = object.members.length === 0 ? '' : ',';
  for (const key of Object.keys(members)) {
    if (findMember(object, key) !== undefined) continue;
    result += `${separator}${JSON.stringify(key)}:${members[key]}`;
    separator = ',';
  }
  return result + text.slice(brace);
}

/** The text without the members of these names, all else byte for byte as it was. */
export function withoutMembers(
  text: string,
  object: JsonObjectText,
  keys: ReadonlySet<string>,
): string {
  const { members } = object;
  const lastKept = members.findLastIndex(({ key }) => !keys.has(key));
  const first = members[0];
  if (first === undefined) return text;
  let result = text.slice(0, first.keyStart);
  for (const [index, { key, keyStart, valueEnd }] of members.entries()) {
    if (index > lastKept || keys.has(key)) continue;
    const next = index === lastKept ? undefined : members[index + 1];
    result += text.slice(keyStart, next?.keyStart ?? valueEnd);
  }
  return result + text.slice(members.at(-1)?.valueEnd);
}

/**
 * Adds a member before the closing brace of the object that spans `objectStart` to `objectEnd`
 * (exclusive) of the text, wherever it is nested. Does not look whether the key is there already.
 */
export function insertIntoObject(
  text: string,
  objectStart: number,
  objectEnd: number,
  key: string,
  valueText: string,
): string {
  const brace = objectEnd - 1;
  expectCode(text, objectStart, OPEN_BRACE, '{');
  expectCode(text, brace, CLOSE_BRACE, '}');
  const separator = skipSpace(text, objectStart + 1) === brace ? '' : ',';
  return `${text.slice(0, brace)}${separator}${JSON.stringify(key)}:${valueText}${text.slice(brace)}`;
}

/**
 * How many elements the array has that spans `start` to `end` (exclusive) of the text, wherever it is
 * nested.
 */
export function countElements(text: string, start: number, end: number): number {
  expectCode(text, start, OPEN_BRACKET, '[');
  let position = skipSpace(text, start + 1);
  if (position === end - 1) return 0;
  let count = 1;
  while (position < end - 1) {
    const code = text.charCodeAt(position);
    if (code === QUOTE) position = skipString(text, position);
    else if (code === OPEN_BRACE || code === OPEN_BRACKET) {
      position = skipContainer(text, position, Number.MAX_SAFE_INTEGER);
    } else {
      if (code === COMMA) count += 1;
      position += 1;
    }
  }
  return count;
}

function scanMember(text: string, keyStart: number, maxDepth: number): JsonMember {
  expectCode(text, keyStart, QUOTE, 'a key');
  const keyEnd = skipString(text, keyStart);
  const colon = skipSpace(text, keyEnd);
  expectCode(text, colon, COLON, ':');
  const valueStart = skipSpace(text, colon + 1);
  const valueEnd = skipValue(text, valueStart, maxDepth);
  return { key: decodeKey(text, keyStart, keyEnd), keyStart, valueStart, valueEnd };
}

function decodeKey(text: string, start: number, end: number): string {
  const inner = text.slice(start + 1, end - 1);
  if (!inner.includes('\\')) return inner;
  try {
    return JSON.parse(text.slice(start, end)) as string;
  } catch (cause) {
    throw new JsonMalformedError('Bad escape in a key', start, { cause });
  }
}

function skipValue(text: string, start: number, maxDepth: number): number {
  const code = text.charCodeAt(start);
  if (code === QUOTE) return skipString(text, start);
  if (code === OPEN_BRACE || code === OPEN_BRACKET) return skipContainer(text, start, maxDepth);
  const end = skipScalar(text, start);
  if (end === start) throw new JsonMalformedError('Expected a value', start);
  return end;
}

/** From the bracket at `start`, which stands on level 2, to the index after the one that closes it. */
function skipContainer(text: string, start: number, maxDepth: number): number {
  const length = text.length;
  let depth = 1;
  let position = start;
  while (position < length) {
    const code = text.charCodeAt(position);
    if (code === QUOTE) {
      position = skipString(text, position);
      continue;
    }
    position += 1;
    // Digits, commas and spaces, which is what most of a container without strings is made of.
    if (code < OPEN_BRACKET) continue;
    if (code === OPEN_BRACE || code === OPEN_BRACKET) {
      depth += 1;
      if (depth > maxDepth) throw new JsonTooDeepError(maxDepth, position - 1);
    } else if (code === CLOSE_BRACE || code === CLOSE_BRACKET) {
      depth -= 1;
      if (depth === 1) return position;
    }
  }
  throw new JsonMalformedError('Unexpected end', length);
}

/** Numbers and literals: up to what can follow a value. */
function skipScalar(text: string, start: number): number {
  let position = start;
  while (position < text.length) {
    const code = text.charCodeAt(position);
    if (code === COMMA || code === CLOSE_BRACE || isSpace(code)) break;
    position += 1;
  }
  return position;
}

/**
 * From the opening quote to the index after the closing one. Keys and other short strings are
 * walked; `indexOf` crosses what is longer at the speed of memory, but costs as much as a walk over
 * a dozen characters to start.
 */
function skipString(text: string, start: number): number {
  const walkEnd = Math.min(start + 16, text.length);
  let position = start + 1;
  while (position < walkEnd) {
    const code = text.charCodeAt(position);
    if (code === QUOTE) return position + 1;
    position += code === BACKSLASH ? 2 : 1;
  }
  return skipLongString(text, start, position);
}

/** A quote is the end unless an odd number of backslashes stands before it. */
function skipLongString(text: string, start: number, from: number): number {
  let quote = text.indexOf('"', from);
  while (quote !== -1) {
    let first = quote;
    while (first > from && text.charCodeAt(first - 1) === BACKSLASH) first -= 1;
    if ((quote - first) % 2 === 0) return quote + 1;
    quote = text.indexOf('"', quote + 1);
  }
  throw new JsonMalformedError('Unterminated string', start);
}

function skipSpace(text: string, start: number): number {
  let position = start;
  while (isSpace(text.charCodeAt(position))) position += 1;
  return position;
}

function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;
}

function expectCode(text: string, position: number, code: number, what: string): void {
  if (text.charCodeAt(position) === code) return;
  throw new JsonMalformedError(`Expected ${what}`, position);
}
