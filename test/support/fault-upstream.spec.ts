import { request } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FaultScript } from './fault-script.js';
import { FaultUpstream } from './fault-upstream.js';

interface Answer {
  status: number | undefined;
  type: string | undefined;
  /** One per HTTP chunk, as far as the client's parser keeps them apart. */
  pieces: Buffer[];
  ended: 'cleanly' | 'early';
}

describe(FaultUpstream, () => {
  let server: FaultUpstream;

  beforeEach(async () => {
    server = await FaultUpstream.start();
  });

  afterEach(async () => server.close());

  const call = (body = '{"model":"m"}'): Promise<Answer> =>
    new Promise((resolve, reject) => {
      let begun = false;
      const outgoing = request(`${server.url}/v1/x?y=1`, { method: 'POST' }, (incoming) => {
        begun = true;
        const pieces: Buffer[] = [];
        const end = (ended: Answer['ended']) =>
          resolve({
            status: incoming.statusCode,
            type: incoming.headers['content-type'],
            pieces,
            ended,
          });
        incoming.on('data', (piece: Buffer) => pieces.push(piece));
        incoming.on('end', () => end('cleanly'));
        incoming.on('error', () => end('early'));
        // A reset is reported to the request when it is read together with the answer's beginning.
        outgoing.on('error', () => end('early'));
      });
      outgoing.on('error', (error) => {
        if (!begun) reject(error);
      });
      outgoing.end(body);
    });

  const answer = async (script: FaultScript) => {
    server.next(script);
    const { pieces, ...rest } = await call();
    return { ...rest, pieces, text: Buffer.concat(pieces).toString() };
  };

  it('records what was asked', async () => {
    server.always({ body: 'hello' });
    await call();
    expect(server.requests).toMatchObject([
      { method: 'POST', path: '/v1/x?y=1', body: '{"model":"m"}', model: 'm', aborted: false },
    ]);
    expect(await server.waitForRequest(0)).toBe(server.requests[0]);
  });

  it('chooses the queue before a rule before the default', async () => {
    server.always({ status: 201 }).forModel('m', { status: 202 }).next({ status: 203 });
    const statuses = [await call(), await call(), await call('{}'), await call('no JSON')];
    expect(statuses.map(({ status }) => status)).toEqual([203, 202, 201, 201]);
  });

  it('takes the newest rule, and scripts that depend on the request', async () => {
    server.forModel('m', { status: 400 });
    server.forModel('m', ({ path }) => ({ body: path }));
    expect((await call()).pieces.toString()).toBe('/v1/x?y=1');
  });

  it('says so when it has no script', async () => {
    expect((await call()).status).toBe(501);
  });

  it.each<[string, FaultScript, string, string]>([
    ['JSON', { body: { a: 1 } }, '{"a":1}', 'application/json'],
    ['HTML', { body: '<p>' }, '<p>', 'text/html'],
    ['a recorded stream', { body: 'data: 1\n\n' }, 'data: 1\n\n', 'text/event-stream'],
    ['text', { body: 'hi' }, 'hi', 'text/plain'],
    ['nothing', {}, '', 'application/json'],
    [
      'events',
      { events: ['1', { a: 2 }], done: true },
      'data: 1\n\ndata: {"a":2}\n\ndata: [DONE]\n\n',
      'text/event-stream',
    ],
    [
      'named events',
      { events: [{ type: 'x' }], named: true },
      'event: x\ndata: {"type":"x"}\n\n',
      'text/event-stream',
    ],
    [
      'lines',
      { events: [{ a: 1 }, '2'], framing: 'ndjson' },
      '{"a":1}\n2\n',
      'application/x-ndjson',
    ],
    [
      'comments',
      { events: ['1'], cut: 'with-comments' },
      ': keep-alive\n\ndata: 1\n\n',
      'text/event-stream',
    ],
    ['repeats', { events: ['1'], repeat: 2 }, 'data: 1\n\ndata: 1\n\n', 'text/event-stream'],
    [
      'an early end',
      { events: ['1', '2'], afterEvents: 1, ending: 'end' },
      'data: 1\n\n',
      'text/event-stream',
    ],
  ])('sends %s', async (_, script, text, type) => {
    expect(await answer(script)).toMatchObject({ status: 200, text, type, ended: 'cleanly' });
  });

  it.each<[FaultScript['cut'], string[]]>([
    ['whole', ['data: 1\n\ndata: é\n\n']],
    ['per-event', ['data: 1\n\n', 'data: é\n\n']],
    [7, ['data: 1', '\n\ndata:', ' é\n\n']],
    [
      [2, 9],
      ['da', 'ta: 1\n\nda', 'ta', ': é\n\n'],
    ],
  ])('cuts %s', async (cut, expected) => {
    for (const script of [{ events: ['1', 'é'] }, { body: 'data: 1\n\ndata: é\n\n' }]) {
      const { pieces } = await answer({ ...script, cut });
      expect(pieces.map(String)).toEqual(expected);
    }
  });

  it.each<[FaultScript, string]>([
    [{ events: ['1', '2'], afterEvents: 1, ending: 'reset' }, 'data: 1\n\n'],
    [{ events: ['1', '2'], afterEvents: 1, ending: 'truncate' }, 'data: 1\n\n'],
    [{ body: { a: 1 }, afterBytes: 3, ending: 'reset' }, '{"a'],
  ])('breaks off: %o', async (script, text) => {
    expect(await answer(script)).toMatchObject({ text, ended: 'early' });
    expect(server.requests[0]?.aborted).toBe(false);
  });

  it('ends with an error record', async () => {
    const { text, ended } = await answer({ events: ['1', '2'], afterEvents: 1, ending: 'error' });
    expect(text).toMatch(/^data: 1\n\ndata: \{"error":.*\}\n\n$/);
    expect(ended).toBe('cleanly');
  });

  it.each(['reset', 'close'] as const)('breaks off before the headers: %s', async (how) => {
    server.next({ beforeHeaders: how });
    await expect(call()).rejects.toThrow();
  });

  it('compresses, and damages what it compressed', async () => {
    const events = Array.from({ length: 50 }, (_, index) => ({ index }));
    const unzip = async (script: FaultScript) =>
      gunzipSync(Buffer.concat((await answer(script)).pieces)).toString();
    expect(await unzip({ events, gzip: true, cut: 'per-event' })).toContain('{"index":49}');
    await expect(unzip({ events, gzip: 'broken' })).rejects.toThrow();
    await expect(unzip({ events, gzip: 'truncated' })).rejects.toThrow();
  });

  it('knows when a client left', async () => {
    server.next({ events: ['1'], ending: 'stall' });
    const outgoing = request(server.url, (incoming) => {
      incoming.on('error', () => undefined);
      incoming.once('data', () => outgoing.destroy());
    });
    outgoing.on('error', () => undefined);
    outgoing.end();
    await server.waitForAbort(0);
    expect(server.requests[0]?.aborted).toBe(true);
  });

  it('closes while answers are stalled or delayed', async () => {
    server.next({ beforeHeaders: 'stall' }, { delayMs: 600_000 });
    const calls = [call(), call()].map((answered) => answered.catch(() => 'cut'));
    await server.waitForRequest(1);
    await server.close();
    expect(await Promise.all(calls)).toEqual(['cut', 'cut']);
    server = await FaultUpstream.start();
  });
});
