/*
 * Questions about a chunk that are answered from its JSON text. A quote inside a JSON string is
 * escaped, so `"usage"` in the text is a whole string of the document: a member's name, or
 * somebody's value, which no colon follows. Names are given with their last quote only, as in
 * `usage"`: the engine looks for the first character first, and quotes are everywhere.
 */
const QUOTE = 34;
const COLON = 58;
const BACKSLASH = 92;

/** Members of a delta that hold what the model says. */
export const TEXT_MEMBERS = [
  'content"',
  'reasoning_content"',
  'reasoning"',
  'arguments"',
  'refusal"',
] as const;

/** Where the chunks of a protocol have what the model says. */
export interface ChunkText {
  /** What stands ahead of it. */
  readonly after: string;
  readonly members: readonly string[];
  /** Escapes count as they are written. */
  readonly countCharacters: (json: string) => number;
}

export const CHAT_TEXT: ChunkText = { after: 'delta"', members: TEXT_MEMBERS, countCharacters };

/** Of the older completions. */
export const COMPLETION_TEXT: ChunkText = {
  after: 'choices"',
  members: ['text"'],
  countCharacters: (json) => stringLengths(json, 'text"', Math.max(0, json.indexOf('choices"'))),
};

/** Whether a member of that name, at any depth, is there and says more than null, "" or []. */
export function saysSomething(json: string, name: string): boolean {
  for (let at = findValue(json, name, 0); at >= 0; at = findValue(json, name, at)) {
    if (!isNothing(json, at)) return true;
  }
  return false;
}

/** Whether a member of that name, at any depth, is there at all. */
export function hasMember(json: string, name: string): boolean {
  return findValue(json, name, 0) >= 0;
}

/** Whether a member of that name, at any depth, has a value that begins like this. */
export function hasValueStartingWith(json: string, name: string, start: string): boolean {
  for (let at = findValue(json, name, 0); at >= 0; at = findValue(json, name, at)) {
    if (json.startsWith(start, at)) return true;
  }
  return false;
}

/** Adds the values of all members called `index`, at any depth, to a set; true when one was new. */
export function collectIndexes(json: string, into: Set<number>): boolean {
  const before = into.size;
  for (let at = findValue(json, 'index"', 0); at >= 0; at = findValue(json, 'index"', at)) {
    into.add(wholeNumber(json, at));
  }
  return into.size > before;
}

/** Characters of text, reasoning and tool arguments in a chunk; escapes count as they are written. */
export function countCharacters(json: string): number {
  const delta = json.indexOf('delta"');
  if (delta < 0) return 0;
  const [content, reasoningContent, reasoning, toolArguments, refusal] = TEXT_MEMBERS;
  return (
    stringLengths(json, content, delta) +
    (stringLengths(json, reasoningContent, delta) || stringLengths(json, reasoning, delta)) +
    stringLengths(json, toolArguments, delta) +
    stringLengths(json, refusal, delta)
  );
}

/** Index of the first character in the first string that is the value of a member, or -1. */
export function findStringValue(json: string, name: string, from: number): number {
  for (let at = findValue(json, name, from); at >= 0; at = findValue(json, name, at)) {
    if (json.charCodeAt(at) === QUOTE) return at + 1;
  }
  return -1;
}

/** Index of the quote that ends the string whose characters begin at `start`. */
export function stringEnd(json: string, start: number): number {
  for (let at = start; at < json.length; at += 1) {
    const code = json.charCodeAt(at);
    if (code === QUOTE) return at;
    if (code === BACKSLASH) at += 1;
  }
  return json.length;
}

function stringLengths(json: string, name: string, from: number): number {
  let total = 0;
  for (let at = findStringValue(json, name, from); at >= 0;) {
    const end = stringEnd(json, at);
    total += end - at;
    at = findStringValue(json, name, end);
  }
  return total;
}

/** Index where the value of the next member of that name begins, or -1. */
function findValue(json: string, name: string, from: number): number {
  for (let at = json.indexOf(name, from); at >= 0; at = json.indexOf(name, at + 1)) {
    if (json.charCodeAt(at - 1) !== QUOTE) continue;
    const colon = skipSpace(json, at + name.length);
    if (json.charCodeAt(colon) === COLON) return skipSpace(json, colon + 1);
  }
  return -1;
}

function isNothing(json: string, start: number): boolean {
  return (
    json.startsWith('null', start) ||
    json.startsWith('""', start) ||
    (json[start] === '[' && json[skipSpace(json, start + 1)] === ']')
  );
}

function skipSpace(json: string, start: number): number {
  let at = start;
  while (isSpace(json.charCodeAt(at))) at += 1;
  return at;
}

function isSpace(code: number): boolean {
  return code === 32 || code === 10 || code === 13 || code === 9;
}

function wholeNumber(json: string, start: number): number {
  let value = 0;
  for (let at = start; ; at += 1) {
    const digit = json.charCodeAt(at) - 48;
    if (!(digit >= 0 && digit <= 9)) return value;
    value = value * 10 + digit;
  }
}
