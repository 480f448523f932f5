/** A fenced block of a document that says which file it belongs to. */
export interface GuideBlock {
  /** `whole` is the file's content; `addition` goes into a file that is there. */
  readonly kind: 'whole' | 'addition';
  /** Below the project's root. */
  readonly file: string;
  readonly lines: readonly string[];
}

const FENCE = /^```(ts|diff) file=(\S+)$/;

/** The blocks in their order. Throws when a fence is not closed. */
export function findGuideBlocks(markdown: string): GuideBlock[] {
  const lines = markdown.split('\n');
  const blocks: GuideBlock[] = [];
  for (let index = 0; index < lines.length; index += 1) {
    const [, language, file] = FENCE.exec(lines[index] ?? '') ?? [];
    if (language === undefined || file === undefined) continue;
    const end = lines.indexOf('```', index + 1);
    if (end === -1) throw new Error(`the block in line ${index + 1} is not closed`);
    const kind = language === 'diff' ? 'addition' : 'whole';
    blocks.push({ kind, file, lines: lines.slice(index + 1, end) });
    index = end;
  }
  return blocks;
}

/** Puts the lines that begin with `+` after the line before them, which must be in the text once. */
export function applyAddition(text: string, { file, lines }: GuideBlock): string {
  const [before = '', ...added] = lines;
  const anchor = `${before.slice(1)}\n`;
  if (text.split(anchor).length !== 2) {
    throw new Error(`${file} does not have this line exactly once: ${anchor.trim()}`);
  }
  const addition = added.map((line) => `${line.replace(/^\+/, '')}\n`).join('');
  return text.replace(anchor, () => anchor + addition);
}
