// Runs the blocks of README and docs that are marked with `run`, in their order, against a proxy
// that is started for the purpose. The documents say http://127.0.0.1:3000 and $LLM_PROXY_KEY.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Installation } from '../smoke/installation.ts';
import { Tally } from '../smoke/tally.ts';
import { findReadmeBlocks, type ReadmeBlock } from './readme-blocks.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const writtenUrl = 'http://127.0.0.1:3000';
const blockTimeoutMs = 120_000;
const launcher = ['bin/llm-proxy.js'];

const tally = new Tally();
let proxy: Installation | undefined;
try {
  proxy = await Installation.start();
  for (const path of ['README.md', ...findDocuments('docs')]) {
    for (const block of findReadmeBlocks(readFileSync(join(root, path), 'utf8'))) {
      const installation = proxy;
      await tally.check(`${path}:${block.line}`, () => tryOut(block, installation));
    }
  }
} catch (error) {
  await tally.check('a proxy to run the documents against', () => {
    throw error;
  });
} finally {
  await proxy?.stop();
  tally.finish();
}

function findDocuments(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .sort()
    .map((name) => join(folder, name));
}

async function tryOut(block: ReadmeBlock, installation: Installation): Promise<void> {
  const code = block.code.replaceAll(writtenUrl, installation.url);
  const output = await execute(block.kind, code, installation);
  for (const text of block.expected) {
    assert.ok(output.includes(text), `the output does not contain ${text}:\n${output}`);
  }
}

async function execute(
  kind: ReadmeBlock['kind'],
  code: string,
  installation: Installation,
): Promise<string> {
  const environment: NodeJS.ProcessEnv = {
    ...installation.environment,
    PATH: [join(root, 'node_modules/.bin'), process.env['PATH']].join(delimiter),
    LLM_PROXY_KEY: installation.printedKey(),
  };
  if (kind === 'shell') return await run('bash', ['-euo', 'pipefail', '-c', code], environment);
  if (kind === 'script') {
    return await run(process.execPath, ['--input-type=module', '--eval', code], environment);
  }
  const path = join(installation.environment['DATA_DIR'] ?? '', 'readme.yaml');
  writeFileSync(path, code, { mode: 0o600 });
  return await run(process.execPath, [...launcher, 'config', 'validate'], {
    ...environment,
    // A document may name secrets that its reader has; here every one of them gets a stand-in.
    ...standInsFor(code),
    LLM_PROXY_CONFIG: path,
  });
}

function standInsFor(configuration: string): NodeJS.ProcessEnv {
  const names = [...configuration.matchAll(/\$\{([A-Z0-9_]+)\}/g)].map((match) => match[1] ?? '');
  return Object.fromEntries(
    names.map((name) => [name, 'stand-in-for-a-secret-of-the-reader-0123']),
  );
}

/** Standard output of a command in the project's folder. Rejects with everything when it fails. */
async function run(program: string, args: string[], env: NodeJS.ProcessEnv): Promise<string> {
  const child = spawn(program, args, {
    cwd: root,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: blockTimeoutMs,
  });
  let output = '';
  let errors = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
  await once(child, 'close');
  assert.equal(child.exitCode, 0, `exit code ${child.exitCode}\n${output}${errors}`);
  return output;
}
