import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runCli } from '../../src/cli/run-cli.js';
import { FaultUpstream } from '../support/fault-upstream.js';
import { HELLO } from '../support/prompts.js';
import { ProxyProcess, START_TIMEOUT_MS } from '../support/proxy-process.js';
import { completion, USAGE } from '../support/vendor-answers.js';

const CANARY = 'sk-canary-of-a-sealed-provider-0123456789abcd';
const SLOW = { timeout: 2 * START_TIMEOUT_MS };
const keyOf = (byte: number) => Buffer.alloc(32, byte).toString('base64');

let upstream: FaultUpstream;
let dataDir: string;
let adminKey: string;
const started: ProxyProcess[] = [];

beforeEach(async () => {
  upstream = await FaultUpstream.start();
  upstream.always({ body: completion('Hello', USAGE) });
  dataDir = await mkdtemp(join(tmpdir(), 'llm-proxy-master-key-'));
  const { stdout } = await run({}, 'keys', 'create', '--client', 'a', '--role', 'admin', '--json');
  adminKey = (JSON.parse(stdout) as { key: string }).key;
});

afterEach(async () => {
  for (const proxy of started.splice(0)) await proxy.kill();
  await upstream.close();
  await rm(dataDir, { recursive: true, force: true });
});

/** What a start says that is refused. */
async function refusal(env: Record<string, string> = {}): Promise<string> {
  return start(env).then(
    () => 'it started',
    (error: Error) => error.message,
  );
}

async function start(env: Record<string, string> = {}): Promise<ProxyProcess> {
  const { host } = new URL(upstream.url);
  const proxy = await ProxyProcess.start({
    dataDir,
    yaml: '{}',
    env: { ALLOWED_PRIVATE_UPSTREAMS: host, ...env },
  });
  started.push(proxy);
  return proxy;
}

async function run(env: Record<string, string>, ...args: string[]) {
  const written = { stdout: '', stderr: '' };
  const exitCode = await runCli(args, {
    stdout: { write: (text: string) => (written.stdout += text) },
    stderr: { write: (text: string) => (written.stderr += text) },
    environment: { DATA_DIR: dataDir, ...env },
  });
  return { exitCode, ...written };
}

const headers = () => ({
  authorization: `Bearer ${adminKey}`,
  'content-type': 'application/json',
});

async function create({ url }: ProxyProcess): Promise<void> {
  const body = JSON.stringify({
    name: 'made',
    type: 'openai-compatible',
    baseUrl: upstream.url,
    apiKeys: [CANARY],
  });
  const answer = await fetch(`${url}/api/providers`, { method: 'POST', headers: headers(), body });
  expect(answer.status).toBe(201);
}

/** Asks the provider, and says which key it was asked with. */
async function ask({ url }: ProxyProcess): Promise<string | undefined> {
  const body = JSON.stringify({ model: 'made/m', messages: HELLO });
  const answer = await fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers: headers(),
    body,
  });
  expect(answer.status).toBe(200);
  return upstream.requests.at(-1)?.headers.authorization;
}

/** Every table, as a digest of its rows. */
function contents(): object {
  const database = new DatabaseSync(join(dataDir, 'llm-proxy.sqlite'), { readOnly: true });
  try {
    const tables = database.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").all();
    return Object.fromEntries(
      tables.map(({ name }) => {
        const rows = JSON.stringify(database.prepare(`SELECT * FROM "${String(name)}"`).all());
        return [name, createHash('sha256').update(rows).digest('hex')];
      }),
    );
  } finally {
    database.close();
  }
}

describe('the master key', () => {
  it('opens after a kill what was sealed before it', SLOW, async () => {
    const proxy = await start();
    await create(proxy);
    await proxy.kill();
    expect((await stat(join(dataDir, 'secret.key'))).mode & 0o777).toBe(0o600);
    expect(await ask(await start())).toBe(`Bearer ${CANARY}`);
  });

  it('stops the boot when it is another one, and nothing is touched', SLOW, async () => {
    const proxy = await start({ ENCRYPTION_KEY: keyOf(1) });
    await create(proxy);
    proxy.signal('SIGTERM');
    expect(await proxy.exited).toBe(0);
    const before = contents();
    const refused = await refusal({ ENCRYPTION_KEY: keyOf(2) });
    expect(refused).toContain(
      'ENCRYPTION_KEY: the keys of made in the database were sealed with another one.',
    );
    expect(refused).not.toContain(CANARY);
    expect(contents()).toEqual(before);
    expect(await ask(await start({ ENCRYPTION_KEY: keyOf(1) }))).toBe(`Bearer ${CANARY}`);
  });

  it('is changed by rekey, where it is kept in DATA_DIR', SLOW, async () => {
    const proxy = await start();
    await create(proxy);
    const earlier = await readFile(join(dataDir, 'secret.key'), 'utf8');
    const done = await run({}, 'rekey');
    expect(done).toMatchObject({ exitCode: 0, stderr: '' });
    expect(done.stdout).toContain('sealed anew: 1;');
    expect(await readFile(join(dataDir, 'secret.key'), 'utf8')).not.toBe(earlier);
    // What runs goes on with what it has, and says so.
    await expect
      .poll(() => proxy.output + proxy.log, { timeout: 10_000 })
      .toContain('sealed with another master key');
    expect(await ask(proxy)).toBe(`Bearer ${CANARY}`);
    await proxy.kill();
    expect(await ask(await start())).toBe(`Bearer ${CANARY}`);
    await writeFile(join(dataDir, 'secret.key'), earlier);
    expect(await refusal()).toContain('another one');
  });

  it('is changed by rekey to one that is given, all at once or not at all', SLOW, async () => {
    const first = { ENCRYPTION_KEY: keyOf(1) };
    const proxy = await start(first);
    await create(proxy);
    await proxy.kill();
    const file = join(dataDir, 'next.key');

    const refused = await run(first, 'rekey');
    expect(refused.exitCode).toBe(1);
    expect(refused.stderr).toContain('--new-key-file');
    await writeFile(file, 'short', { mode: 0o600 });
    expect((await run(first, 'rekey', '--new-key-file', file)).exitCode).toBe(1);
    await writeFile(file, keyOf(3), { mode: 0o600 });
    const before = contents();
    const wrong = await run({ ENCRYPTION_KEY: keyOf(2) }, 'rekey', '--new-key-file', file);
    expect(wrong.exitCode).toBe(1);
    expect(wrong.stderr).toContain('Nothing was changed');
    expect(contents()).toEqual(before);

    const counts = async () =>
      JSON.parse((await run(first, 'rekey', '--new-key-file', file, '--json')).stdout) as object;
    expect(await counts()).toEqual({ resealed: 1, already: 0, keyFile: null });
    expect(await counts()).toEqual({ resealed: 0, already: 1, keyFile: null });
    expect(await ask(await start({ ENCRYPTION_KEY: keyOf(3) }))).toBe(`Bearer ${CANARY}`);
  });
});
