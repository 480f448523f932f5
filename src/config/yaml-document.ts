import { isMap, isScalar, isSeq, LineCounter, parseDocument, type Document, type Node } from 'yaml';

export type PathSegment = string | number;

/** Where decimals stand that must not become floats. */
export interface ExactNumbers {
  /** A member at the top; everything in it. */
  readonly below: string;
  /** Members of this name, wherever they are. */
  readonly called: string;
}

/** A YAML text that could be read, and where its values stand. */
export class YamlDocument {
  readonly #document: Document.Parsed;
  readonly #lines: LineCounter;

  private constructor(document: Document.Parsed, lines: LineCounter) {
    this.#document = document;
    this.#lines = lines;
  }

  /** Returns the problems, with their lines, when it cannot be read. They quote nothing of the text. */
  static parse(text: string): YamlDocument | readonly string[] {
    const lines = new LineCounter();
    const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
    const problems = [...document.errors, ...document.warnings].map((issue) => {
      const [sentence = 'cannot be read'] = issue.message.split(/[:"]/);
      return `line ${lines.linePos(issue.pos[0]).line}: ${sentence.trim()}`;
    });
    return problems.length > 0 ? problems : new YamlDocument(document, lines);
  }

  /**
   * Plain values; an empty document is an empty map. The numbers of `exactNumbers` come as the text
   * they were written as. Throws a ReferenceError when aliases multiply without measure.
   */
  toValue(exactNumbers: ExactNumbers): unknown {
    const below: unknown = this.#document.get(exactNumbers.below, true);
    keepNumbersAsText(below);
    keepMembersAsText(this.#document.contents, exactNumbers.called);
    return this.#document.toJS({ maxAliasCount: 100 }) ?? {};
  }

  /** Counts from 1; the nearest ancestor's when the path itself is not in the text. */
  lineOf(path: readonly PathSegment[]): number | undefined {
    for (let length = path.length; length > 0; length -= 1) {
      const node = this.#document.getIn(path.slice(0, length), true) as Node | undefined;
      if (node?.range) return this.#lines.linePos(node.range[0]).line;
    }
    return undefined;
  }
}

function keepNumbersAsText(node: unknown): void {
  if (isSeq(node)) node.items.forEach(keepNumbersAsText);
  if (isMap(node)) node.items.forEach((pair) => keepNumbersAsText(pair.value));
  if (isScalar(node) && typeof node.value === 'number') node.value = node.source;
}

function keepMembersAsText(node: unknown, name: string): void {
  if (isSeq(node)) for (const item of node.items) keepMembersAsText(item, name);
  if (!isMap(node)) return;
  for (const { key, value } of node.items) {
    if (isScalar(key) && key.value === name) keepNumbersAsText(value);
    else keepMembersAsText(value, name);
  }
}
