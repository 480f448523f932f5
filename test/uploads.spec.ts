import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, describe, expect, it } from 'vitest';
import { FormClient } from './support/form-client.js';
import { RawUpstream, readAway, type RawCall } from './support/raw-upstream.js';
import { TestApp } from './support/test-app.js';
import { waitUntil } from './support/wait-until.js';

const MEBIBYTE = 1024 * 1024;
const FILE_BYTES = 25 * MEBIBYTE;
/** What an upload may occupy on its way; far less than the file, and more than all buffers between sockets. */
const MOST_HELD = 6 * MEBIBYTE;

let upstream: RawUpstream;
let app: TestApp;

async function start(serve: (call: RawCall) => void, env: Record<string, string> = {}) {
  upstream = await RawUpstream.start(serve);
  app = await TestApp.start({
    env,
    yaml: JSON.stringify({
      providers: [
        {
          name: 'vendor',
          type: 'openai-compatible',
          baseUrl: upstream.url,
          retries: { maxAttempts: 3, baseMs: 0 },
        },
      ],
    }),
  });
}

afterEach(async () => {
  await app.close();
  await upstream.close();
});

const upload = (headers?: Record<string, string | number>) =>
  new FormClient(`${app.url}/v1/audio/transcriptions`, app.adminKey, headers);

function answer({ response }: RawCall): void {
  response.writeHead(200, { 'content-type': 'application/json' }).end('{"text":"Hello"}');
}

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

function bytesInBuffers(): number {
  collectGarbage();
  return process.memoryUsage().arrayBuffers;
}

/** What is still in use does not go away; what is not, may take more than one collection. */
async function expectLittleHeld(before: number): Promise<void> {
  await waitUntil(() => bytesInBuffers() - before < MOST_HELD, 'the buffers to be free');
}

describe('an upload of 25 MB', () => {
  it('is passed on while it arrives, and not held', async () => {
    await start(readAway);
    const before = bytesInBuffers();
    const client = upload().field('model', 'vendor/a').file();
    await client.fill(FILE_BYTES);
    const call = await upstream.waitForCall(0);
    // All of it but what could be the beginning of the boundary.
    await waitUntil(() => call.received > FILE_BYTES, 'the file');
    await expectLittleHeld(before);
    expect(await app.rows()).toEqual([]);
    client.endFile().end();
    call.request.on('end', () => answer(call));
    expect((await client.answered).status).toBe(200);
    expect(await app.rows()).toMatchObject([{ status: 'ok', attempts: 1 }]);
  });

  it('waits on disk when the model is named after it', async () => {
    await start(() => undefined);
    const before = bytesInBuffers();
    const client = upload().file();
    await client.fill(FILE_BYTES);
    expect(upstream.calls).toEqual([]);
    client.endFile().field('model', 'vendor/a').end();
    const call = await upstream.waitForCall(0);
    await expectLittleHeld(before);
    readAway(call);
    call.request.on('end', () => answer(call));
    expect((await client.answered).status).toBe(200);
    expect(call.received).toBeGreaterThan(FILE_BYTES);
    expect(call.request.headers['content-length']).toBe(String(call.received));
  });
});

describe('an upload that breaks', () => {
  it.each(['model first', 'model last'])(
    'in the middle reaches nobody whole: %s',
    async (order) => {
      await start(readAway);
      const client = upload();
      if (order === 'model first') client.field('model', 'vendor/a');
      await client.file().fill(MEBIBYTE);
      if (order === 'model last') {
        client.leave();
        await expect(client.answered).rejects.toThrow();
        expect(upstream.calls).toEqual([]);
        expect(await app.rows()).toEqual([]);
        return;
      }
      const call = await upstream.waitForCall(0);
      await waitUntil(() => call.received > MEBIBYTE / 2, 'some of the file');
      client.leave();
      await waitUntil(() => call.closed, 'the upstream to see it');
      expect(call.request.complete).toBe(false);
      const row = await waitUntil(async () => (await app.rows()).at(-1), 'the row');
      expect(row).toMatchObject({ status: 'client_aborted', attempts: 1, input_tokens: 0 });
    },
  );

  it('because the upstream refuses it is told to the client', async () => {
    await start((call) => {
      call.response
        .writeHead(400, { 'content-type': 'application/json' })
        .end('{"error":{"message":"No such format"}}');
    });
    const client = upload().field('model', 'vendor/a').file();
    await client.fill(4 * MEBIBYTE);
    client.endFile().end();
    const { status, body } = await client.answered;
    expect(status).toBe(400);
    expect(body).toContain('No such format');
    expect(await app.rows()).toMatchObject([{ status: 'error', attempts: 1 }]);
  });

  it.each(['model first', 'model last'])(
    'because it is too large is refused: %s',
    async (order) => {
      await start(readAway, { MAX_BODY_BYTES: String(MEBIBYTE) });
      const client = upload();
      if (order === 'model first') client.field('model', 'vendor/a');
      client.file();
      void client.fill(4 * MEBIBYTE);
      const { status, body } = await client.answered;
      expect(status).toBe(413);
      expect(JSON.parse(body)).toMatchObject({ error: { code: 'request_too_large' } });
      for (const call of upstream.calls) {
        await waitUntil(() => call.closed, 'the upstream to see it');
        expect(call.request.complete).toBe(false);
      }
      const rows = await app.rows();
      expect(rows.map((row) => row.status)).toEqual(order === 'model first' ? ['error'] : []);
    },
  );

  it('because it says too large is refused unread', async () => {
    await start(readAway, { MAX_BODY_BYTES: '1000' });
    const { status } = await upload({ 'content-length': 1001 }).answered;
    expect(status).toBe(413);
  });

  it('by its form is the client’s fault and nobody else’s', async () => {
    await start(readAway);
    const client = upload().field('model', 'vendor/a').file();
    await client.fill(MEBIBYTE);
    client.endFile().field('model', 'vendor/b').end();
    const { status, body } = await client.answered;
    expect(status).toBe(400);
    expect(JSON.parse(body)).toMatchObject({ error: { code: 'invalid_value' } });
    await waitUntil(() => upstream.calls[0]!.closed, 'the upstream to see it');
    expect(upstream.calls[0]!.request.complete).toBe(false);
    expect(upstream.calls).toHaveLength(1);
  });
});
