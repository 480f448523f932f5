import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Installation, type LedgerRow } from '../../bench/installation.ts';
import { FaultUpstream } from '../support/fault-upstream.js';
import {
  expectedUsageOf,
  loadRecordings,
  RECORDINGS_DIR,
  SOURCES,
  type Recording,
} from './recordings.js';
import { CUTTINGS, planReplay, replayFrom, type Cutting } from './replay.js';
import { readWithSdk, type Reading, type Refusal } from './sdk-reading.js';

const CLIENT_KEY = 'sk-recordings-0123456789abcdefghijklmnop';
const recordings = loadRecordings();
let upstream: FaultUpstream;
let gateway: Installation;
let requestCount = 0;

function configurationFor(upstreamUrl: string): string {
  const providers = SOURCES.map(
    ({ instance, type }) => `  - name: ${instance}
    type: ${type}
    baseUrl: ${upstreamUrl}/v1
    apiKey: sk-upstream-0123456789abcdefghijklmnopqrst
    retries: { maxAttempts: 1 }`,
  );
  const prices = SOURCES.map(
    ({ instance }) => `  - { model: ${instance}/recorded, input: 1, cachedInput: 0.5, output: 2 }`,
  );
  return `providers:
${providers.join('\n')}
prices:
${prices.join('\n')}
clients:
  - name: recordings
    apiKeys: [ "${CLIENT_KEY}" ]
`;
}

interface Outcome {
  readonly direct: Reading | Refusal;
  readonly proxied: Reading | Refusal;
  readonly rows: readonly LedgerRow[];
}

/** Reads the recording from the upstream itself and then through the gateway. */
async function play(
  recording: Recording,
  cutting: Cutting,
  includeUsage: boolean,
): Promise<Outcome> {
  requestCount += 1;
  const requestId = `recording-${requestCount}`;
  const request = {
    user: planReplay(recording, cutting),
    stream: recording.kind === 'stream',
    includeUsage,
    requestId,
  };
  const direct = await readWithSdk({
    ...request,
    baseUrl: `${upstream.url}/v1`,
    apiKey: 'sk-direct',
    model: 'recorded',
  });
  const proxied = await readWithSdk({
    ...request,
    baseUrl: `${gateway.url}/v1`,
    apiKey: CLIENT_KEY,
    model: `${recording.source.instance}/recorded`,
  });
  const rows = await gateway.exportRows();
  return { direct, proxied, rows: rows.filter((row) => row.request_id === requestId) };
}

/** Vitest shortens `$name` in titles, but not `%s`. */
function named(some: readonly Recording[]): Array<[string, Recording]> {
  return some.map((recording) => [recording.name, recording]);
}

describe('the folder of recordings', () => {
  it('is there when it is required', () => {
    if (recordings.length === 0)
      console.warn(`No recordings in ${RECORDINGS_DIR}: nothing to replay.`);
    if (process.env['RECORDINGS_REQUIRED']) expect(recordings).not.toEqual([]);
  });
});

describe.runIf(recordings.length > 0)('recordings through the gateway', () => {
  beforeAll(async () => {
    upstream = await FaultUpstream.start();
    upstream.always(replayFrom(recordings));
    gateway = await Installation.create(configurationFor(upstream.url));
    await gateway.start();
  });

  afterAll(async () => {
    await gateway?.remove();
    await upstream?.close();
  });

  const readable = recordings.filter(({ kind }) => kind !== 'error');
  const streams = recordings.filter(({ kind }) => kind === 'stream');
  const errors = recordings.filter(({ kind }) => kind === 'error');

  describe.for(CUTTINGS)('cut: %s', (cutting) => {
    // Only the usage may be told elsewhere: who asks for it is promised a chunk of its own.
    it.for(named(readable))('reads %s as from the provider', async ([, recording]) => {
      const { direct, proxied, rows } = await play(recording, cutting, true);
      // A recording that the SDK itself cannot read has to be an error of the SDK's kind on both
      // sides; `readWithSdk` rejects on any other.
      if ('error' in direct) expect(proxied).toHaveProperty('error');
      else expect(proxied).toEqual({ ...direct, usageChunks: recording.kind === 'stream' ? 1 : 0 });
      expect(rows).toHaveLength(1);
      expect(rows[0]).toMatchObject({ status: 'ok', ...expectedUsageOf(recording) });
    });

    it.for(named(errors))('passes %s on and bills nothing', async ([, recording]) => {
      const { direct, proxied, rows } = await play(recording, cutting, true);
      expect(direct).toMatchObject({ error: 'BadRequestError', status: 400 });
      expect(proxied).toEqual(direct);
      expect(rows).toHaveLength(1);
      expect(rows[0]).toMatchObject({ status: 'error', input_tokens: 0, output_tokens: 0 });
      expect(Number(rows[0]!.cost_nano_usd)).toBe(0);
    });
  });

  describe('a client that did not ask for usage', () => {
    it.for(named(streams))('is not sent it alone for %s', async ([, recording]) => {
      const { direct, proxied, rows } = await play(recording, 'per event', false);
      const { text, reasoning, toolCalls, finishReason } = direct as Reading;
      const told = { text, reasoning, toolCalls, finishReason, usageChunks: 0 };
      expect(proxied).toMatchObject(told);
      expect(rows).toHaveLength(1);
      expect(rows[0]).toMatchObject({ status: 'ok', ...expectedUsageOf(recording) });
    });
  });
});
