/** A fenced block of a document that can be tried out. */
export interface ReadmeBlock {
  /** Line of the opening fence, from 1. */
  line: number;
  /** `shell` and `script` are executed, `configuration` is validated as a configuration file. */
  kind: 'shell' | 'script' | 'configuration';
  code: string;
  /** What the output has to contain: the `# → …` and `// → …` comments. */
  expected: string[];
}

const kinds: Record<string, ReadmeBlock['kind']> = {
  'sh run': 'shell',
  'js run': 'script',
  'yaml run': 'configuration',
};

/**
 * Finds the blocks whose fence says `run` after the language, as in "```sh run". GitHub shows the
 * language only. Throws when a fence is not closed or `run` follows a language that cannot be run.
 */
export function findReadmeBlocks(markdown: string): ReadmeBlock[] {
  const lines = markdown.split('\n');
  const blocks: ReadmeBlock[] = [];
  for (let index = 0; index < lines.length; index += 1) {
    const opening = /^```(.*)$/.exec(lines[index] ?? '');
    if (opening === null) continue;
    const end = lines.indexOf('```', index + 1);
    if (end === -1) throw new Error(`the block in line ${index + 1} is not closed`);
    const label = (opening[1] ?? '').trim();
    const kind = kinds[label];
    if (kind === undefined && label.endsWith(' run')) {
      throw new Error(`line ${index + 1}: no way is known to run "${label}"`);
    }
    if (kind !== undefined) {
      const code = lines.slice(index + 1, end).join('\n');
      blocks.push({ line: index + 1, kind, code, expected: findExpectations(code) });
    }
    index = end;
  }
  return blocks;
}

function findExpectations(code: string): string[] {
  return [...code.matchAll(/^\s*(?:#|\/\/) → (.+)$/gm)].map((match) => (match[1] ?? '').trim());
}
