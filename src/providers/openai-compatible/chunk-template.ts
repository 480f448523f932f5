import { CHAT_TEXT, findStringValue, stringEnd, type ChunkText } from './scan-chunk.js';

/**
 * What a chunk is made of apart from its text. The chunks of a stream differ in their text only,
 * so whatever was found out about one holds for all that fit its template, and comparing is ten
 * times cheaper than parsing. Padding against eavesdroppers counts as text too.
 */
export class ChunkTemplate {
  private constructor(
    private readonly beforeText: string,
    private readonly afterText: string,
    /** What follows the padding; undefined for a vendor without. */
    private readonly afterPadding: string | undefined,
  ) {}

  /** Undefined for a chunk without text. */
  static of(json: string, { after, members }: ChunkText = CHAT_TEXT): ChunkTemplate | undefined {
    const start = json.indexOf(after);
    if (start < 0) return undefined;
    for (const name of members) {
      const text = findStringValue(json, name, start);
      if (text < 0 || json[text] === '"') continue;
      const end = stringEnd(json, text);
      const padding = findStringValue(json, 'obfuscation"', end);
      const before = json.slice(0, text);
      if (padding < 0) return new ChunkTemplate(before, json.slice(end), undefined);
      return new ChunkTemplate(
        before,
        json.slice(end, padding),
        json.slice(stringEnd(json, padding)),
      );
    }
    return undefined;
  }

  /** Characters of the text of a chunk that fits, or -1. */
  match(json: string): number {
    const start = this.beforeText.length;
    if (json.slice(0, start) !== this.beforeText) return -1;
    const end = stringEnd(json, start);
    const rest = end + this.afterText.length;
    const fits =
      this.afterPadding === undefined
        ? json.slice(end) === this.afterText
        : json.slice(end, rest) === this.afterText &&
          json.slice(stringEnd(json, rest)) === this.afterPadding;
    return fits ? end - start : -1;
  }
}
