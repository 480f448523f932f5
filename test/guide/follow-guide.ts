// Does what docs/adding-a-provider.md says, in a copy of the project, and runs what it ends with.
import { execFileSync, spawnSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Tally } from '../smoke/tally.ts';
import { applyAddition, findGuideBlocks } from './guide-blocks.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const guide = readFileSync(join(root, 'docs/adding-a-provider.md'), 'utf8');
const limitMs = 240_000;

const steps: ReadonlyArray<readonly [string, ...string[]]> = [
  ['vitest', 'run', 'src/providers/acme'],
  ['vitest', 'run', 'src/providers/translation-reference.spec.ts', '-u'],
  ['vitest', 'run', 'src/providers/vendor-words.spec.ts'],
  ['prettier', '--check', 'src/providers', 'docs/reference'],
  ['oxlint', '--config', '.oxlintrc.json', '--type-aware', '--deny-warnings', 'src/providers'],
  ['tsc', '--noEmit'],
];

const tally = new Tally();
const copy = mkdtempSync(join(tmpdir(), 'llm-proxy-guide-'));
try {
  await tally.check('the files of the guide can be written', () => writeFiles());
  for (const [command, ...options] of steps) {
    await tally.check(`${command} ${options.join(' ')}`, () => run(command, options));
  }
  await tally.check('the table of the new provider is published', () => {
    const table = readFileSync(join(copy, 'docs/reference/translation.md'), 'utf8');
    if (!table.includes('\n## acme\n')) throw new Error('It is not in the reference.');
  });
} finally {
  rmSync(copy, { recursive: true, force: true });
  tally.finish();
}

function writeFiles(): void {
  const files = execFileSync('git', ['ls-files'], { cwd: root, encoding: 'utf8' });
  for (const file of files.split('\n').filter((name) => name !== '')) {
    cpSync(join(root, file), join(copy, file));
  }
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
  for (const block of findGuideBlocks(guide)) {
    const path = join(copy, block.file);
    mkdirSync(dirname(path), { recursive: true });
    const text =
      block.kind === 'whole'
        ? `${block.lines.join('\n')}\n`
        : applyAddition(readFileSync(path, 'utf8'), block);
    writeFileSync(path, text);
  }
}

function run(command: string, options: readonly string[]): void {
  const { status, stdout, stderr } = spawnSync(
    join(root, 'node_modules/.bin', command),
    [...options],
    { cwd: copy, encoding: 'utf8', timeout: limitMs },
  );
  if (status !== 0) throw new Error(`exit code ${status}\n${(stdout + stderr).slice(-3000)}`);
}
