import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FaultUpstream } from './support/fault-upstream.js';
import { HELLO } from './support/prompts.js';
import { ProxyProcess, START_TIMEOUT_MS } from './support/proxy-process.js';
import { StreamClient } from './support/stream-client.js';
import { stream, textChunk, USAGE } from './support/vendor-answers.js';
import { waitUntil } from './support/wait-until.js';

const KEY = 'key-of-the-dead-readers-spec-0123456789';
const READERS = 100;
const MEBIBYTE = 1024 * 1024;
const MAY_ADD = 64 * MEBIBYTE;

let upstream: FaultUpstream;
let proxy: ProxyProcess;
let dataDir: string;

beforeAll(async () => {
  upstream = await FaultUpstream.start();
  dataDir = await mkdtemp(join(tmpdir(), 'llm-proxy-dead-readers-'));
  proxy = await ProxyProcess.start({
    dataDir,
    yaml: JSON.stringify({
      providers: [{ name: 'vendor', type: 'openai-compatible', baseUrl: upstream.url }],
      clients: [{ name: 'caller', apiKeys: [KEY] }],
    }),
    env: { STREAM_STALL_TIMEOUT_MS: '8000', LOG_LEVEL: 'silent' },
    reportsMemory: true,
  });
}, START_TIMEOUT_MS);

afterAll(async () => {
  await proxy.kill();
  await upstream.close();
  await rm(dataDir, { recursive: true, force: true });
});

function open(reads: boolean): StreamClient {
  const body = { model: 'vendor/model', messages: HELLO, stream: true };
  return new StreamClient({ url: proxy.url, key: KEY, body, reads });
}

describe('a hundred clients that read nothing of 50 MB each', () => {
  it('have it hold at most 64 MiB more, and are closed', { timeout: 120_000 }, async () => {
    // What a hundred streams that are read need is not what this is about.
    upstream.always(stream(Array<string>(50).fill('x'.repeat(4_096)), USAGE));
    for (let round = 0; round < 5; round += 1) {
      await Promise.all(Array.from({ length: READERS }, () => open(true).ended));
    }
    const before = await proxy.heldMemory();
    const earlier = upstream.requests.length;

    upstream.always({
      events: [textChunk('x'.repeat(4_096))],
      repeat: 12_207,
      cut: 'per-event',
      ending: 'stall',
    });
    const readers = Array.from({ length: READERS }, () => open(false));
    let highest = 0;
    const calls = () => upstream.requests.slice(earlier);
    await waitUntil(
      async () => {
        highest = Math.max(highest, await proxy.heldMemory());
        return calls().length === READERS && calls().every(({ aborted }) => aborted);
      },
      'the upstream to see every reader closed',
      60_000,
    );
    expect(highest - before).toBeLessThanOrEqual(MAY_ADD);
    // No more left the upstream than sockets hold.
    expect(Math.max(...calls().map(({ bytesSent }) => bytesSent))).toBeLessThan(16 * MEBIBYTE);
    for (const reader of readers) reader.read();
    const ends = await Promise.all(readers.map(({ ended }) => ended));
    expect(ends.filter((end) => end === 'broken')).toHaveLength(READERS);
    expect(readers.filter(({ isDone }) => isDone)).toEqual([]);
  });
});
