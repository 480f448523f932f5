import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

/** Stands in for the compiler: notes that it ran and writes a program that shows its arguments. */
const compiler = `
import { appendFileSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
appendFileSync('builds.log', 'built\\n');
rmSync('dist', { recursive: true, force: true });
if (existsSync('src/broken.ts')) process.exit(1);
console.log('noise of the compiler');
mkdirSync('dist/cli', { recursive: true });
writeFileSync('dist/cli/main.js', 'console.log(JSON.stringify(process.argv.slice(2)));');
`;

/** Stands in for what bundles the dashboard. */
const bundler = `
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
appendFileSync('bundles.log', 'built\\n');
mkdirSync('client/dist', { recursive: true });
writeFileSync('client/dist/index.html', '<!doctype html>');
`;

const launch = `
import { runOnNode } from './bin/run-on-node.js';
runOnNode(process.execPath, ['child.js']);
`;

/** Says its id and then does what its environment tells it to. */
const child = `
import { endWithLauncher } from './bin/run-on-node.js';
endWithLauncher();
process.on('SIGTERM', () => process.exit(5));
process.on('SIGHUP', () => console.log('SIGHUP'));
console.log(process.pid);
if (process.env.EXIT_CODE) process.exit(Number(process.env.EXIT_CODE));
setInterval(() => {}, 1000);
`;

interface Ended {
  exitCode: number | null;
  signal: NodeJS.Signals | null;
  output: string;
  errors: string;
}

let folder: string;

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'llm-proxy-launcher-')));
  cpSync('bin', join(folder, 'bin'), { recursive: true });
  chmodSync(join(folder, 'bin/llm-proxy.js'), 0o755);
  write('package.json', '{ "type": "module" }');
  write('tsconfig.json', '{}');
  write('nest-cli.json', '{}');
  write('src/main.ts', 'export {};');
  write('node_modules/@nestjs/cli/package.json', '{ "type": "module" }');
  write('node_modules/@nestjs/cli/bin/nest.js', compiler);
  for (const name of ['index.html', 'vite.config.ts', 'precompress.ts', 'tsconfig.json']) {
    write(`client/${name}`, '{}');
  }
  write('client/src/main.tsx', 'export {};');
  write('client/public/favicon.svg', '<svg/>');
  write('node_modules/vite/package.json', '{ "type": "module" }');
  write('node_modules/vite/bin/vite.js', bundler);
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('bin/llm-proxy.js in a clone', () => {
  it('builds what is missing and keeps standard output for the command', async () => {
    const ended = await run('bin/llm-proxy.js', 'keys', 'list', '--json');
    expect(ended).toMatchObject({ exitCode: 0, output: '["keys","list","--json"]\n' });
    expect(ended.errors).toContain('Building server…');
    expect(countBuilds()).toBe(1);
  });

  it('does not build again what is fresh', async () => {
    await run('bin/llm-proxy.js');
    const ended = await run('bin/llm-proxy.js');
    expect(ended).toMatchObject({ exitCode: 0, output: '[]\n', errors: '' });
    expect(countBuilds()).toBe(1);
  });

  it.each(['src/main.ts', 'src/added/file.ts', 'tsconfig.json', 'package.json'])(
    'builds again when %s has changed',
    async (path) => {
      await run('bin/llm-proxy.js');
      write(path, '{ "type": "module", "changed": true }');
      await run('bin/llm-proxy.js');
      expect(countBuilds()).toBe(2);
    },
  );

  it('builds the dashboard alone when nothing else has changed', async () => {
    await run('bin/llm-proxy.js');
    write('client/src/pages/added.tsx', 'export {};');
    const ended = await run('bin/llm-proxy.js');
    expect(ended.errors).toBe('Building dashboard…\n');
    expect(countBuilds()).toBe(1);
    expect(readFileSync(join(folder, 'bundles.log'), 'utf8')).toBe('built\nbuilt\n');
  });

  it('does not build again for a spec', async () => {
    await run('bin/llm-proxy.js');
    write('src/main.spec.ts', 'export {};');
    await run('bin/llm-proxy.js');
    expect(countBuilds()).toBe(1);
  });

  it('builds once when eight start together', async () => {
    const started = Array.from({ length: 8 }, () => run('bin/llm-proxy.js'));
    const ended = await Promise.all(started);
    expect(ended.map(({ output }) => output)).toEqual(Array.from({ length: 8 }, () => '[]\n'));
    expect(countBuilds()).toBe(1);
  });

  it('is not held up by a build that was killed', async () => {
    const { pid } = await exited(spawn(process.execPath, ['--version'], { stdio: 'ignore' }));
    write('node_modules/.cache/llm-proxy/build.lock', String(pid));
    const ended = await run('bin/llm-proxy.js');
    expect(ended).toMatchObject({ exitCode: 0, output: '[]\n' });
  });

  it('fails when the build fails, and tries again the next time', async () => {
    write('src/broken.ts', 'export {');
    const failed = await run('bin/llm-proxy.js');
    expect(failed).toMatchObject({ exitCode: 1, output: '' });
    expect(failed.errors).toContain('Building server failed');
    rmSync(join(folder, 'src/broken.ts'));
    expect(await run('bin/llm-proxy.js')).toMatchObject({ exitCode: 0, output: '[]\n' });
  });

  it('says what to do when there is nothing to build with', async () => {
    rmSync(join(folder, 'node_modules'), { recursive: true });
    const ended = await run('bin/llm-proxy.js');
    expect(ended.exitCode).toBe(1);
    expect(ended.errors).toContain('npm ci');
  });

  it('runs what it was given when the sources are not there', async () => {
    await run('bin/llm-proxy.js');
    rmSync(join(folder, 'src'), { recursive: true });
    rmSync(join(folder, 'bin/build.js'));
    expect(await run('bin/llm-proxy.js')).toMatchObject({ exitCode: 0, output: '[]\n' });
  });

  it('builds by npm run build even when all is fresh', async () => {
    await run('bin/build.js');
    await run('bin/build.js');
    expect(countBuilds()).toBe(2);
    await run('bin/llm-proxy.js');
    expect(countBuilds()).toBe(2);
  });
});

describe('a launcher on an old Node', () => {
  beforeEach(() => {
    write('launch.js', launch);
    write('child.js', child);
  });

  it('ends with the exit code of the child', async () => {
    const ended = await collect(start(['launch.js'], { EXIT_CODE: '3' }));
    expect(ended).toMatchObject({ exitCode: 3, signal: null });
  });

  it('passes signals on', async () => {
    const launcher = start(['launch.js']);
    const ended = collect(launcher);
    await line(launcher);
    launcher.kill('SIGHUP');
    expect(await line(launcher)).toBe('SIGHUP');
    launcher.kill('SIGTERM');
    expect(await ended).toMatchObject({ exitCode: 5, signal: null });
  });

  it('ends by the signal that ended the child', async () => {
    const launcher = start(['launch.js']);
    const ended = collect(launcher);
    process.kill(Number(await line(launcher)), 'SIGKILL');
    expect(await ended).toMatchObject({ exitCode: null, signal: 'SIGKILL' });
  });

  it('takes the child with it when it is killed outright', async () => {
    const launcher = start(['launch.js']);
    await line(launcher);
    // The child holds the same pipe: its end is seen only when both are gone.
    const closed = once(launcher, 'close');
    launcher.kill('SIGKILL');
    await closed;
    expect(launcher.signalCode).toBe('SIGKILL');
  });
});

function write(path: string, text: string): void {
  mkdirSync(join(folder, path, '..'), { recursive: true });
  writeFileSync(join(folder, path), text);
}

function countBuilds(): number {
  const path = join(folder, 'builds.log');
  return existsSync(path) ? readFileSync(path, 'utf8').split('\n').length - 1 : 0;
}

function start(args: string[], env: NodeJS.ProcessEnv = {}): ChildProcess {
  const options = { cwd: folder, env: { ...process.env, ...env } };
  return spawn(process.execPath, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
}

async function run(...args: string[]): Promise<Ended> {
  return collect(start(args));
}

async function collect(started: ChildProcess): Promise<Ended> {
  let output = '';
  let errors = '';
  started.stdout?.setEncoding('utf8').on('data', (text: string) => (output += text));
  started.stderr?.setEncoding('utf8').on('data', (text: string) => (errors += text));
  await once(started, 'close');
  return { exitCode: started.exitCode, signal: started.signalCode, output, errors };
}

async function line(started: ChildProcess): Promise<string> {
  const [text] = (await once(started.stdout!, 'data')) as [Buffer | string];
  return String(text).trim();
}

async function exited(started: ChildProcess): Promise<ChildProcess> {
  await once(started, 'exit');
  return started;
}
