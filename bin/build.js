// Builds what is missing or older than its sources. `npm run build` runs this file and builds
// everything in any case; `bin/llm-proxy.js` calls `buildWhenStale()` in a clone.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  linkSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** One entry for everything that is built. */
const steps = [
  {
    name: 'server',
    sources: ['src', 'tsconfig.json', 'nest-cli.json', 'package.json'],
    output: 'dist',
    tool: 'node_modules/@nestjs/cli/bin/nest.js',
    args: ['build'],
  },
  {
    name: 'dashboard',
    sources: [
      'client/src',
      'client/public',
      'client/index.html',
      'client/vite.config.ts',
      'client/precompress.ts',
      'client/tsconfig.json',
      'package.json',
    ],
    output: 'client/dist',
    tool: 'node_modules/vite/bin/vite.js',
    args: ['build', 'client', '--logLevel', 'warn'],
  },
];

const lockPath = join(root, 'node_modules/.cache/llm-proxy/build.lock');
const lockTimeoutMs = 600_000;

/** Builds the steps whose output does not match their sources. Rejects with one sentence. */
export async function buildWhenStale() {
  if (steps.every(isFresh)) return;
  await withLock(async () => {
    // Whoever held the lock before may have built what was missing.
    for (const step of steps.filter((candidate) => !isFresh(candidate))) await build(step);
  });
}

async function buildAll() {
  await withLock(async () => {
    for (const step of steps) await build(step);
  });
}

function isFresh(step) {
  try {
    return readFileSync(stampPath(step), 'utf8') === hashSources(step);
  } catch {
    return false;
  }
}

async function build(step) {
  if (!existsSync(join(root, step.tool))) {
    // An installation without development dependencies runs what it was given.
    if (existsSync(join(root, step.output))) return;
    throw new Error(
      `${step.output}/ is missing and cannot be built without the development dependencies: run \`npm ci\`.`,
    );
  }
  process.stderr.write(`Building ${step.name}…\n`);
  // Taken before the build: a file that changes meanwhile makes the result stale, not fresh.
  const hash = hashSources(step);
  rmSync(stampPath(step), { force: true });
  await runTool(step);
  writeFileSync(stampPath(step), hash);
}

/** Standard output belongs to the command that is about to run, so the build speaks on stderr. */
function runTool(step) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(root, step.tool), ...step.args], {
      cwd: root,
      stdio: ['ignore', process.stderr, process.stderr],
    });
    child.on('error', reject);
    child.on('exit', (code) => {
      if (code === 0) resolve();
      else reject(new Error(`Building ${step.name} failed; the reason is above.`));
    });
  });
}

function stampPath(step) {
  return join(root, step.output, '.sources');
}

/** By content: a checkout touches times without changing anything, and a copy may keep old ones. */
function hashSources(step) {
  const hash = createHash('sha256');
  for (const source of step.sources) {
    for (const path of listFiles(source)) {
      hash
        .update(`${path}\0`)
        .update(readFileSync(join(root, path)))
        .update('\0');
    }
  }
  return hash.digest('hex');
}

function listFiles(path) {
  if (!statSync(join(root, path)).isDirectory()) return [path];
  return readdirSync(join(root, path))
    .sort()
    .filter((name) => !name.endsWith('.spec.ts'))
    .flatMap((name) => listFiles(`${path}/${name}`));
}

/** Two commands that start together build once: the second waits and then finds it done. */
async function withLock(work) {
  mkdirSync(dirname(lockPath), { recursive: true });
  while (!takeLock()) await delay(100);
  try {
    await work();
  } finally {
    rmSync(lockPath, { force: true });
  }
}

function takeLock() {
  try {
    writeFileSync(lockPath, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
  }
  const holder = readLock();
  if (holder !== undefined && holder.isAbandoned) removeAbandonedLock(holder.text);
  return false;
}

function readLock(path = lockPath) {
  try {
    const text = readFileSync(path, 'utf8');
    const age = Date.now() - statSync(path).mtimeMs;
    // Without a pid yet, the holder is between creating the file and writing it.
    return { text, isAbandoned: age > lockTimeoutMs || (text !== '' && !isRunning(Number(text))) };
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Moved away first, so that a lock that somebody took in between is seen and given back. */
function removeAbandonedLock(text) {
  const removedPath = `${lockPath}.${process.pid}`;
  try {
    renameSync(lockPath, removedPath);
    if (readFileSync(removedPath, 'utf8') !== text) linkSync(removedPath, lockPath);
  } catch (error) {
    if (error.code !== 'ENOENT' && error.code !== 'EEXIST') throw error;
  } finally {
    rmSync(removedPath, { force: true });
  }
}

function isRunning(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

function isStartedDirectly() {
  const started = process.argv[1];
  // Real paths on both sides: a clone may be reached through a symbolic link.
  return started !== undefined && realpathSync(started) === fileURLToPath(import.meta.url);
}

if (isStartedDirectly()) {
  try {
    await buildAll();
  } catch (error) {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  }
}
