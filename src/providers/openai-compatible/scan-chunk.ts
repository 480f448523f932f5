/*
 * Questions about a chunk that are answered from its JSON text. Parsing every chunk of every stream
 * costs more than everything else the proxy does with it. A quote inside a JSON string is escaped,
 * so `"usage"` in the text is a whole string of the document: a member's name, or somebody's value,
 * which no colon follows.
 */
const QUOTE = 34;
const COLON = 58;
const BACKSLASH = 92;

/**
 * Whether a member of that name, at any depth, says something: not null, an empty string or an
 * empty array. `name` is quoted: `'"usage"'`.
 */
export function saysSomething(json: string, name: string): boolean {
  for (let at = json.indexOf(name); at >= 0; at = json.indexOf(name, at + name.length)) {
    const start = valueStart(json, at + name.length);
    if (start >= 0 && !isNothing(json, start)) return true;
  }
  return false;
}

/** Whether a member of that name, at any depth, is there at all. */
export function hasMember(json: string, name: string): boolean {
  for (let at = json.indexOf(name); at >= 0; at = json.indexOf(name, at + name.length)) {
    if (valueStart(json, at + name.length) >= 0) return true;
  }
  return false;
}

/** Whether a member of that name has a value that begins with this character. */
export function hasValueStartingWith(json: string, name: string, character: string): boolean {
  for (let at = json.indexOf(name); at >= 0; at = json.indexOf(name, at + name.length)) {
    const start = valueStart(json, at + name.length);
    if (start >= 0 && json[start] === character) return true;
  }
  return false;
}

/** Adds the values of all members called `index`, at any depth, to a set; true when one was new. */
export function collectIndexes(json: string, into: Set<number>): boolean {
  const before = into.size;
  for (let at = json.indexOf('"index"'); at >= 0; at = json.indexOf('"index"', at + 7)) {
    const start = valueStart(json, at + 7);
    if (start >= 0) into.add(wholeNumber(json, start));
  }
  return into.size > before;
}

/** Characters of text, reasoning and tool arguments in a chunk; escapes count as they are written. */
export function countCharacters(json: string): number {
  const delta = json.indexOf('"delta"');
  if (delta < 0) return 0;
  const reasoning =
    stringLengths(json, '"reasoning_content"', delta) || stringLengths(json, '"reasoning"', delta);
  return (
    stringLengths(json, '"content"', delta) +
    reasoning +
    stringLengths(json, '"arguments"', delta) +
    stringLengths(json, '"refusal"', delta)
  );
}

function stringLengths(json: string, name: string, from: number): number {
  let total = 0;
  for (let at = json.indexOf(name, from); at >= 0; at = json.indexOf(name, at + name.length)) {
    const start = valueStart(json, at + name.length);
    if (start >= 0 && json.charCodeAt(start) === QUOTE) total += stringEnd(json, start) - start - 1;
  }
  return total;
}

/** Index of the quote that ends the string which begins at `start`. */
function stringEnd(json: string, start: number): number {
  for (let at = json.indexOf('"', start + 1); at >= 0; at = json.indexOf('"', at + 1)) {
    let backslashes = 0;
    while (json.charCodeAt(at - 1 - backslashes) === BACKSLASH) backslashes += 1;
    if (backslashes % 2 === 0) return at;
  }
  return json.length;
}

/** Index of the value after a member's name that ends at `at`, or -1 when it was no name. */
function valueStart(json: string, at: number): number {
  const colon = skipSpace(json, at);
  return json.charCodeAt(colon) === COLON ? skipSpace(json, colon + 1) : -1;
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
