// Weighs the built page against its budgets, as a browser gets it: gzip, all that a part needs.
import { readFileSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const DIST = fileURLToPath(new URL('../client/dist/', import.meta.url));
const KB = 1000;
const BUDGETS = { initial: 185 * KB, styles: 20 * KB, route: 40 * KB, charts: 120 * KB };

interface Chunk {
  readonly file: string;
  readonly isEntry?: boolean;
  readonly isDynamicEntry?: boolean;
  readonly imports?: readonly string[];
  readonly css?: readonly string[];
}

type Manifest = Readonly<Record<string, Chunk>>;

interface Weight {
  readonly part: string;
  readonly bytes: number;
  readonly budget: number;
}

const manifest = JSON.parse(readFileSync(`${DIST}.vite/manifest.json`, 'utf8')) as Manifest;
const weights = weigh(manifest);
for (const { part, bytes, budget } of weights) {
  const verdict = bytes > budget ? 'OVER' : 'ok';
  console.log(`${kb(bytes)} of ${kb(budget)} kB  ${verdict.padEnd(4)}  ${part}`);
}
const over = weights.filter(({ bytes, budget }) => bytes > budget);
console.log(`${weights.length - over.length} passed, ${over.length} failed`);
process.exitCode = over.length === 0 ? 0 : 1;

function weigh(chunks: Manifest): Weight[] {
  const [entry] = Object.entries(chunks).find(([, { isEntry }]) => isEntry === true) ?? [];
  if (entry === undefined) throw new Error('The page is not built: run `npm run build`.');
  // What has to be there before a signed-in person sees anything: the frame, and its texts.
  const parts = [entry, 'src/app/frame/frame.tsx', 'src/i18n/en/common.json'];
  const initial = new Set(parts.flatMap((part) => [...filesOf(chunks, part)]));
  return [
    { part: 'first: scripts and texts', bytes: sum(initial), budget: BUDGETS.initial },
    { part: 'first: styles', bytes: sum(stylesOf(chunks)), budget: BUDGETS.styles },
    ...lazyParts(chunks, initial),
  ];
}

/**
 * What is loaded later: each page and overlay by what only it needs, and each chunk that several
 * share, which a browser gets once, by itself.
 */
function lazyParts(chunks: Manifest, initial: ReadonlySet<string>): Weight[] {
  const users = new Map<string, string[]>();
  for (const [name, chunk] of Object.entries(chunks)) {
    if (chunk.isDynamicEntry !== true || name.endsWith('.json')) continue;
    for (const file of filesOf(chunks, name)) {
      if (!initial.has(file)) users.set(file, [...(users.get(file) ?? []), name]);
    }
  }
  const parts = new Map<string, string[]>();
  for (const [file, names] of users) {
    const [name = ''] = names;
    const part = names.length === 1 ? name : `shared: ${file}`;
    parts.set(part, [...(parts.get(part) ?? []), file]);
  }
  return [...parts].map(([part, files]) => ({
    part,
    bytes: sum(files),
    budget: part.includes('charts') ? BUDGETS.charts : BUDGETS.route,
  }));
}

/** A chunk with everything that it imports. */
function filesOf(chunks: Manifest, name: string, found = new Set<string>()): Set<string> {
  const chunk = chunks[name];
  if (chunk === undefined || found.has(chunk.file)) return found;
  found.add(chunk.file);
  for (const imported of chunk.imports ?? []) filesOf(chunks, imported, found);
  return found;
}

function stylesOf(chunks: Manifest): Set<string> {
  return new Set(Object.values(chunks).flatMap(({ css }) => css ?? []));
}

function sum(files: Iterable<string>): number {
  let bytes = 0;
  for (const file of files) bytes += zippedSize(`${DIST}${file}`);
  return bytes;
}

/** Small files are not compressed by the build; a browser gets them as they are. */
function zippedSize(path: string): number {
  const plain = statSync(path).size;
  return Math.min(plain, gzipSync(readFileSync(path), { level: 9 }).length);
}

function kb(bytes: number): string {
  return (bytes / KB).toFixed(1).padStart(6);
}
