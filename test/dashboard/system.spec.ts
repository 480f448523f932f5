import { mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCli } from '../../src/cli/run-cli.js';
import { ApiKeysService } from '../../src/clients/api-keys.service.js';
import type { AuditPage } from '../../src/dashboard/audit/audit.view.js';
import type {
  BackupPage,
  BackupVerdictView,
  BackupView,
} from '../../src/dashboard/system/backup.view.js';
import type { LogPage } from '../../src/dashboard/system/log.view.js';
import type { SystemHealthView } from '../../src/dashboard/system/system-health.view.js';
import { LedgerCheck } from '../../src/usage/ledger-check.js';
import { apiCaller } from '../support/api-caller.js';
import { TestApp } from '../support/test-app.js';

let app: TestApp;
let call: ReturnType<typeof apiCaller>;

const ANSWER = {
  model: 'one/echo',
  messages: [{ role: 'user', content: 'canary-8' }],
};

beforeAll(async () => {
  app = await TestApp.start({
    yaml: `
providers: [{ name: one, type: simulated }]
prices: [{ model: one/echo, input: 1, output: 1 }]
`,
  });
  call = apiCaller(app);
});

afterAll(() => app.close());

async function chats(count: number): Promise<void> {
  for (let index = 0; index < count; index += 1) await (await app.chat(ANSWER)).text();
}

async function run(dataDir: string, ...args: string[]) {
  const written = { stdout: '', stderr: '' };
  const exitCode = await runCli(args, {
    stdout: { write: (text: string) => (written.stdout += text) },
    stderr: { write: (text: string) => (written.stderr += text) },
    environment: { DATA_DIR: dataDir },
  });
  return { exitCode, ...written };
}

async function inFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'llm-proxy-restore-'));
  try {
    await work(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

const download = async (name: string): Promise<Buffer> => {
  const answer = await fetch(`${app.url}/api/system/backups/${name}`, {
    headers: { authorization: `Bearer ${app.adminKey}` },
  });
  expect(answer.status).toBe(200);
  return Buffer.from(await answer.arrayBuffer());
};

describe('GET /api/system/health', () => {
  it('tells what is measured at that moment', async () => {
    const { status, body } = await call<SystemHealthView>('GET', 'system/health');
    expect(status).toBe(200);
    const { rss } = process.memoryUsage();
    expect(body.memory.rssBytes).toBeGreaterThan(rss / 2);
    expect(body.memory.rssBytes).toBeLessThan(rss * 2);
    expect(body.memory.heapUsedBytes).toBeLessThanOrEqual(body.memory.heapTotalBytes);
    expect(body).toMatchObject({
      degraded: [],
      node: process.versions.node,
      inFlight: 0,
      database: { kind: 'sqlite', answers: true },
    });
    expect(body.database.bytes).toBeGreaterThan(4096);
    expect(body.queues.map(({ queue }) => queue)).toContain('database_writer');
    expect(body.processes).toMatchObject([{ pid: process.pid, isThis: true }]);
  });

  it('names what is not as it should be', async () => {
    const another = await TestApp.start({
      yaml: 'providers: [{ name: far, type: openai-compatible, baseUrl: "http://127.0.0.1:9/v1" }]',
    });
    const there = apiCaller(another);
    await there('POST', 'providers/far/breaker', { action: 'open', forMs: 60_000 });
    const { body } = await there<SystemHealthView>('GET', 'system/health');
    expect(body.degraded).toEqual(['The breaker of the provider far is open.']);
    await another.close();
  });
});

describe('GET /api/system/logs', () => {
  it('shows the lines of the log, newest first, narrowed and in pages', async () => {
    await app.chat({ ...ANSWER, model: 'nothing/first' });
    await app.chat({ ...ANSWER, model: 'nothing/second' });
    const { body } = await call<LogPage>('GET', 'system/logs?search=MODEL_NOT_FOUND&limit=1');
    expect(body.items).toHaveLength(1);
    expect(body.items[0]).toMatchObject({
      level: 'info',
      fields: { code: 'model_not_found', path: '/v1/chat/completions' },
    });
    const next = await call<LogPage>(
      'GET',
      `system/logs?search=model_not_found&limit=1&cursor=${body.nextCursor}`,
    );
    expect(next.body.items[0]?.number).toBeLessThan(body.items[0]?.number ?? 0);
    const errors = await call<LogPage>('GET', 'system/logs?level=error&search=model_not_found');
    expect(errors.body).toEqual({ items: [], nextCursor: null });
    expect((await call('GET', 'system/logs?level=loud')).status).toBe(400);
  });

  it('never shows what the log itself may not', async () => {
    const { body } = await call<LogPage>('GET', 'system/logs?limit=1000');
    expect(JSON.stringify(body)).not.toContain('canary-8');
    expect(JSON.stringify(body)).not.toContain(app.adminKey);
  });
});

describe('/api/system/backups', () => {
  it('copies the database under load so that its books hold, and restores it', async () => {
    await chats(5);
    const load = new AbortController();
    const loading = Promise.all(
      Array.from({ length: 4 }, async () => {
        while (!load.signal.aborted) await chats(1);
      }),
    );
    const made = await call<BackupView>('POST', 'system/backups');
    load.abort();
    await loading;
    expect(made.status).toBe(201);
    const verdict = await call<BackupVerdictView>(
      'POST',
      `system/backups/${made.body.name}/verify`,
    );
    expect(verdict.body).toMatchObject({ ok: true, integrity: 'ok', unknownMigrations: [] });
    expect(verdict.body.invariants.map(({ name }) => name)).toContain('I4');

    const bytes = await download(made.body.name);
    expect(bytes).toHaveLength(made.body.bytes);
    for (const secret of [app.adminKey, 'canary-8']) expect(bytes.includes(secret)).toBe(false);
    await inFolder(async (folder) => {
      const file = join(folder, 'the-backup');
      await writeFile(file, bytes);
      const restored = await run(folder, 'restore', file, '--verify');
      expect(restored).toMatchObject({ exitCode: 0, stderr: '' });
      const second = await TestApp.start({ dataDir: folder });
      const checked = await second.app.get(LedgerCheck, { strict: false }).run();
      expect(checked.filter(({ violations }) => violations > 0)).toEqual([]);
      expect((await second.rows()).length).toBeGreaterThanOrEqual(5);
      await second.close();
    });
  });

  it('lists, deletes and writes down who did', async () => {
    const { body } = await call<BackupPage>('GET', 'system/backups');
    expect(body.items).toHaveLength(1);
    const name = body.items[0]?.name ?? '';
    expect((await call('DELETE', `system/backups/${name}`)).status).toBe(204);
    expect((await call<BackupPage>('GET', 'system/backups')).body.items).toEqual([]);
    expect((await call('GET', `system/backups/${name}`)).status).toBe(404);
    const audit = await call<AuditPage>('GET', 'audit?action=backup');
    expect(audit.body.items.map(({ action }) => action)).toEqual([
      'backup.delete',
      'backup.create',
    ]);
  });

  it('makes one copy for all who ask at once', async () => {
    const made = await Promise.all([1, 2, 3].map(() => call<BackupView>('POST', 'system/backups')));
    expect(new Set(made.map(({ body }) => body.name)).size).toBe(1);
  });

  it.each(['..%2Fllm-proxy.sqlite', 'llm-proxy.sqlite', '%2Fetc%2Fpasswd', 'backup-x.sqlite'])(
    'knows no other file: %s',
    async (name) => {
      for (const [method, path] of [
        ['GET', name],
        ['DELETE', name],
        ['POST', `${name}/verify`],
      ] as const) {
        expect((await call(method, `system/backups/${path}`)).status).toBe(404);
      }
    },
  );

  it('tells of a copy that was damaged since', async () => {
    const { body } = await call<BackupView>('POST', 'system/backups');
    const path = join(app.dataDir, 'backups', body.name);
    await truncate(path, body.bytes - 8192);
    const verdict = await call<BackupVerdictView>('POST', `system/backups/${body.name}/verify`);
    expect(verdict.body.ok).toBe(false);
    await call('DELETE', `system/backups/${body.name}`);
  });

  it('is closed to keys of clients', async () => {
    const { key } = await app.app.get(ApiKeysService).createForClientName('consumer');
    const other = apiCaller(app, key.reveal());
    for (const path of ['system/backups', 'system/health', 'system/logs']) {
      expect((await other('GET', path)).status).toBe(403);
    }
  });
});

describe('llm-proxy backup and restore', () => {
  it('copies beside a running server, and never over a file', async () => {
    await inFolder(async (folder) => {
      const file = join(folder, 'copy');
      expect(await run(app.dataDir, 'backup', file)).toMatchObject({ exitCode: 0, stderr: '' });
      const before = await readFile(file);
      expect((await run(app.dataDir, 'backup', file)).stderr).toContain('exists already');
      expect(await readFile(file)).toEqual(before);
    });
  });

  it('refuses to restore while a server runs, and changes nothing', async () => {
    await inFolder(async (folder) => {
      const file = join(folder, 'copy');
      await run(app.dataDir, 'backup', file);
      const refused = await run(app.dataDir, 'restore', file);
      expect(refused.exitCode).toBe(1);
      expect(refused.stderr).toContain('Stop the server first');
      expect((await app.chat(ANSWER)).status).toBe(200);
    });
  });

  it('keeps the old database, and refuses what is no good backup', async () => {
    const first = await TestApp.start({ dataDir: await mkdtemp(join(tmpdir(), 'llm-proxy-old-')) });
    const { dataDir } = first;
    await (await first.chat({ ...ANSWER, model: 'simulated/echo' })).text();
    await inFolder(async (folder) => {
      const file = join(folder, 'copy');
      await run(dataDir, 'backup', file);
      await (await first.chat({ ...ANSWER, model: 'simulated/echo' })).text();
      await first.close();

      const broken = join(folder, 'broken');
      const bytes = await readFile(file);
      await writeFile(broken, bytes.fill(0x55, 8192, 16_384));
      const refused = await run(dataDir, 'restore', broken);
      expect(refused).toMatchObject({ exitCode: 1, stdout: '' });
      const { stdout } = await run(dataDir, 'restore', file);
      const kept = /kept as (.+)\.$/m.exec(stdout)?.[1] ?? '';

      const now = await TestApp.start({ dataDir });
      expect(await now.rows()).toHaveLength(1);
      await now.close();
      expect(await run(dataDir, 'restore', kept)).toMatchObject({ exitCode: 0, stderr: '' });
      const again = await TestApp.start({ dataDir });
      expect(await again.rows()).toHaveLength(2);
      await again.close();
    });
    await rm(dataDir, { recursive: true });
  });
});
