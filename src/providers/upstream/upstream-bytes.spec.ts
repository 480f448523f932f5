import { lastValueFrom, toArray } from 'rxjs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FaultUpstream } from '../../../test/support/fault-upstream.js';
import { createCall, createInstance } from '../../../test/support/provider-fixtures.js';
import { Flow } from '../contract/flow.js';
import { Upstream } from './upstream.js';

const AUDIO = Buffer.from(Array.from({ length: 5000 }, (_, index) => index % 256));

describe(`${Upstream.name}.bytes`, () => {
  let server: FaultUpstream;
  let upstream: Upstream;

  beforeEach(async () => {
    server = await FaultUpstream.start();
    upstream = new Upstream();
  });

  afterEach(async () => {
    await upstream.onApplicationShutdown();
    await server.close();
  });

  const read = async (flow = new Flow()) =>
    Buffer.concat(
      await lastValueFrom(
        upstream.bytes(createCall(createInstance(server.url), { flow })).pipe(toArray()),
      ),
    );

  it.each([{}, { cut: 1 }, { cut: 700, gzip: true as const }])(
    'passes the bytes on as they are: %o',
    async (script) => {
      server.next({ body: AUDIO, headers: { 'content-type': 'audio/mpeg' }, ...script });
      expect((await read()).equals(AUDIO)).toBe(true);
      expect(server.requests[0]?.headers.accept).toBe('*/*');
    },
  );

  it('takes an empty body for an answer', async () => {
    server.next({ body: Buffer.alloc(0), headers: { 'content-type': 'audio/mpeg' } });
    expect(await read()).toHaveLength(0);
  });

  it.each([
    ['an error', { status: 404, body: { error: { message: 'No' } } }, { kind: 'rejected' }],
    ['a web page', { body: '<html></html>' }, { kind: 'invalid_response' }],
    [
      'a broken connection',
      { body: AUDIO, afterBytes: 9, ending: 'reset' as const },
      { kind: 'failed' },
    ],
    ['damaged gzip', { body: AUDIO, gzip: 'broken' as const }, { kind: 'invalid_response' }],
  ])('fails on %s', async (_, script, expected) => {
    server.next(script);
    await expect(read()).rejects.toMatchObject(expected);
  });

  it('closes the connection when the subscriber leaves', async () => {
    server.next({ body: AUDIO, ending: 'stall' });
    const subscription = upstream.bytes(createCall(createInstance(server.url))).subscribe();
    await server.waitForRequest(0);
    subscription.unsubscribe();
    await server.waitForAbort(0);
  });
});
