/** Members of requests and answers, in all dialects, whose texts a model reads or writes. */
const SAID: ReadonlySet<string> = new Set(
  (
    'content text refusal reasoning reasoning_content thinking summary arguments partial_json ' +
    'delta input output prompt suffix system instructions title'
  ).split(' '),
);

/** A text is taken up to here; the rest is assumed to be like it. */
export const MOST_CHARACTERS = 131_072;

/** Texts out of a JSON value, and whether that is all there is. */
export interface Said {
  readonly pieces: readonly string[];
  readonly characters: number;
  readonly isWhole: boolean;
}

/** What is said in a request or an answer, whatever its dialect; tools as the JSON that models are shown. */
export function said(value: unknown): Said {
  const collector = new Collector();
  collector.collect(value, false);
  const { pieces, characters } = collector;
  return { pieces, characters, isWhole: characters < MOST_CHARACTERS };
}

class Collector {
  readonly pieces: string[] = [];
  characters = 0;

  collect(value: unknown, isSaid: boolean): void {
    if (this.characters >= MOST_CHARACTERS) return;
    if (typeof value === 'string') {
      if (isSaid && value !== '') this.#add(value);
    } else if (Array.isArray(value)) {
      for (const each of value as unknown[]) this.collect(each, isSaid);
    } else if (typeof value === 'object' && value !== null) {
      for (const [name, member] of Object.entries(value)) this.#collectMember(name, member);
    }
  }

  #collectMember(name: string, member: unknown): void {
    if (name === 'tools' && Array.isArray(member)) {
      for (const tool of member as unknown[]) this.collect(JSON.stringify(tool), true);
    } else if (name === 'input' && isPlainObject(member)) {
      // Of a tool call, which a model writes as JSON.
      this.collect(JSON.stringify(member), true);
    } else {
      this.collect(member, SAID.has(name));
    }
  }

  #add(text: string): void {
    const piece = text.slice(0, MOST_CHARACTERS - this.characters);
    this.pieces.push(piece);
    this.characters += piece.length;
  }
}

function isPlainObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
