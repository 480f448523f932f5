import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { FaultScript } from '../../../test/support/fault-script.js';
import { FaultUpstream } from '../../../test/support/fault-upstream.js';
import { createInstance, createTarget } from '../../../test/support/provider-fixtures.js';
import type { ProviderError } from '../contract/provider-error.js';
import type { Resolve } from './guarded-dialer.js';
import { GuardedMediaLoader, type MediaSettings } from './guarded-media-loader.js';

const PATH = 'messages[2].content[0].image_url';
const FILE = Buffer.from([0x89, 0x50, 0x4e, 0x47]);
const REFUSED = { kind: 'rejected', status: 400, vendorCode: 'invalid_value', param: PATH };
const UNREACHABLE = /cannot be fetched from the public internet/;

const image = (script: FaultScript = {}): FaultScript => ({
  body: FILE,
  ...script,
  headers: { 'content-type': 'image/png', ...script.headers },
});
const moved = (location: string, status = 302): FaultScript => ({
  status,
  headers: { location },
  body: '',
});

describe(GuardedMediaLoader, () => {
  let fault: FaultUpstream;
  let host: string;

  beforeEach(async () => {
    fault = await FaultUpstream.start();
    host = new URL(fault.url).host;
  });
  afterEach(() => fault.close());

  const create = (settings: Partial<MediaSettings> = {}) =>
    new GuardedMediaLoader({
      maxBytes: 1000,
      timeoutMs: 5000,
      allowedHosts: new Set([host]),
      ...settings,
    });
  const target = (more: object = {}) =>
    createTarget(createInstance('http://vendor.invalid'), {
      headers: { traceparent: '00-1' },
      ...more,
    });
  const failureOf = async (promise: Promise<unknown>): Promise<ProviderError> => {
    const error = await promise.then(
      () => expect.fail('it should have failed'),
      (failure: unknown) => failure as ProviderError,
    );
    expect(error.message).not.toMatch(/127\.0\.0\.1|localhost|\.test|\d{4,5}/);
    return error;
  };
  const load = (url: string, settings?: Partial<MediaSettings>) =>
    create(settings).load(url, target(), PATH);

  it('fetches a file from an allowed host, and sends nothing of the client or of ours', async () => {
    fault.always(image({ headers: { 'content-type': 'Image/PNG; q=1' } }));
    expect(await load(`${fault.url}/a%20b.png?x=1`)).toEqual({
      mediaType: 'image/png',
      base64: FILE.toString('base64'),
    });
    const { method, path, headers } = fault.requests[0]!;
    expect([method, path]).toEqual(['GET', '/a%20b.png?x=1']);
    expect(Object.keys(headers).toSorted()).toEqual([
      'accept',
      'accept-encoding',
      'connection',
      'host',
      'user-agent',
    ]);
  });

  it('takes data URLs without fetching anything', async () => {
    expect(await load('data:image/png;base64,iVBORw==')).toEqual({
      mediaType: 'image/png',
      base64: 'iVBORw==',
    });
    expect(fault.connectionCount).toBe(0);
  });

  it('closes its connection afterwards', async () => {
    fault.always(image());
    await load(fault.url);
    await vi.waitFor(() => expect(fault.openConnections).toBe(0));
  });

  describe('where it will not go', () => {
    it.each([
      ['http', 'http://images.example/a.png'],
      ['a file', 'file:///etc/passwd'],
      ['ftp', 'ftp://images.example/a.png'],
      ['a path', '/a.png'],
      ['nothing', ''],
      ['a script', 'javascript:alert(1)'],
      ['credentials', 'https://user:secret@images.example/a.png'],
    ])('%s', async (_name, url) => {
      const error = await failureOf(load(url, { resolve: never }));
      expect(error).toMatchObject(REFUSED);
    });

    it.each([
      ['loopback', 'https://127.0.0.1'],
      ['loopback in another spelling', 'https://0x7f.1'],
      ['loopback as one number', 'https://2130706433'],
      ['unspecified', 'https://0.0.0.0'],
      ['private', 'https://10.1.2.3'],
      ['private', 'https://192.168.0.1:8443'],
      ['carrier-grade NAT', 'https://100.64.0.1'],
      ['link-local', 'https://169.254.0.1'],
      ['metadata', 'https://169.254.169.254/latest/meta-data'],
      ['multicast', 'https://224.0.0.1'],
      ['IPv6 loopback', 'https://[::1]'],
      ['IPv6 unspecified', 'https://[::]'],
      ['mapped loopback', 'https://[::ffff:127.0.0.1]'],
      ['NAT64 loopback', 'https://[64:ff9b::7f00:1]'],
      ['6to4 private', 'https://[2002:a00:1::]'],
      ['unique-local', 'https://[fd00::1]'],
      ['IPv6 link-local', 'https://[fe80::1]'],
    ])('%s: %s', async (_name, url) => {
      const error = await failureOf(load(url, { resolve: never }));
      expect(error).toMatchObject({ ...REFUSED, message: expect.stringMatching(UNREACHABLE) });
    });

    it.each([
      ['loopback', ['127.0.0.1']],
      ['private', ['10.0.0.1']],
      ['metadata', ['169.254.169.254']],
      ['IPv6 loopback', ['::1']],
      ['mapped loopback', ['::ffff:127.0.0.1']],
      ['a public one and a private one', ['93.184.215.14', '127.0.0.1']],
      ['no address at all', []],
    ])('a name of %s', async (_name, addresses) => {
      const { port } = new URL(fault.url);
      const error = await failureOf(
        load(`https://images.test:${port}/a.png`, { resolve: resolveTo(addresses) }),
      );
      expect(error).toMatchObject({ ...REFUSED, message: expect.stringMatching(UNREACHABLE) });
      expect(fault.connectionCount).toBe(0);
    });

    it('says the same of a name that nobody knows', async () => {
      const resolve = () => Promise.reject(new Error('ENOTFOUND images.test'));
      const error = await failureOf(load('https://images.test', { resolve }));
      expect(error.message).toMatch(UNREACHABLE);
    });

    it('another port of an allowed host', async () => {
      const url = fault.url.replace(/\d+$/, '1');
      expect(await failureOf(load(url))).toMatchObject(REFUSED);
    });
  });

  it('connects to exactly what the name was resolved to, once', async () => {
    fault.always(image());
    const { port } = new URL(fault.url);
    // Whoever asked a second time would be sent astray.
    const resolve = vi
      .fn<Resolve>()
      .mockResolvedValueOnce([{ address: '127.0.0.1', family: 4 }])
      .mockResolvedValue([{ address: '127.0.0.2', family: 4 }]);
    await load(`http://media.test:${port}/a.png`, {
      resolve,
      allowedHosts: new Set([`media.test:${port}`]),
    });
    expect(resolve).toHaveBeenCalledTimes(1);
    expect(fault.requests[0]?.headers.host).toBe(`media.test:${port}`);
  });

  it('resolves a name anew for each file', async () => {
    fault.always(image());
    const { port } = new URL(fault.url);
    const resolve = vi
      .fn<Resolve>()
      .mockResolvedValueOnce([{ address: '127.0.0.1', family: 4 }])
      .mockResolvedValue([{ address: '10.0.0.1', family: 4 }]);
    const sut = create({ resolve, allowedHosts: new Set([`a.test:${port}`]) });
    await sut.load(`http://a.test:${port}`, target(), PATH);
    expect(
      await failureOf(sut.load(`https://a.test:${Number(port) - 1}`, target(), PATH)),
    ).toMatchObject(REFUSED);
  });

  describe('redirects', () => {
    it.each([301, 302, 303, 307, 308])('are followed: %i', async (status) => {
      fault.next(moved('/b.png', status), image());
      await load(`${fault.url}/a.png`);
      expect(fault.requests.map(({ path }) => path)).toEqual(['/a.png', '/b.png']);
    });

    it('are followed three times and no more', async () => {
      fault.next(moved('/1'), moved('/2'), moved('/3'), image());
      await load(fault.url);
      fault.always(moved('/again'));
      expect(await failureOf(load(fault.url))).toMatchObject(REFUSED);
      expect(fault.requests).toHaveLength(8);
    });

    it.each([
      ['to a private address', 'https://10.0.0.1/a.png'],
      ['to loopback', 'https://127.0.0.1/a.png'],
      ['to metadata', 'https://169.254.169.254/latest'],
      ['to plain http', 'http://images.example/a.png'],
      ['to a file', 'file:///etc/passwd'],
      ['to nowhere', 'https://'],
    ])('are not followed %s', async (_name, location) => {
      fault.next(moved(location));
      expect(await failureOf(load(fault.url, { resolve: never }))).toMatchObject(REFUSED);
      expect(fault.requests).toHaveLength(1);
    });

    it('are not followed to another private host', async () => {
      const other = await FaultUpstream.start();
      try {
        fault.always(moved(other.url));
        expect(await failureOf(load(fault.url))).toMatchObject(REFUSED);
        fault.always(moved(other.url.replace('http:', 'https:')));
        expect(await failureOf(load(fault.url))).toMatchObject(REFUSED);
        expect(other.connectionCount).toBe(0);
      } finally {
        await other.close();
      }
    });
  });

  describe('what it will not take', () => {
    it.each<[string, FaultScript]>([
      ['a page', { body: '<html></html>' }],
      ['a document', { body: {} }],
      ['a file of no type', { body: FILE, headers: { 'content-type': '' } }],
      ['a program', { body: FILE, headers: { 'content-type': 'application/octet-stream' } }],
      ['a compressed file', image({ gzip: true, headers: { 'content-encoding': 'gzip' } })],
      ['an empty file', image({ body: '' })],
      ['no file', image({ status: 404 })],
      ['a part of a file', image({ status: 206 })],
      ['a redirect to nowhere', { status: 302, body: '' }],
      ['half a file', image({ ending: 'truncate', afterBytes: 2 })],
      ['a reset', { beforeHeaders: 'reset' }],
    ])('%s', async (_name, script) => {
      fault.always(script);
      expect(await failureOf(load(fault.url))).toMatchObject(REFUSED);
      await vi.waitFor(() => expect(fault.openConnections).toBe(0));
    });

    it.each(['audio/mpeg', 'video/mp4', 'application/pdf', 'image/svg+xml'])(
      'but it takes %s',
      async (mediaType) => {
        fault.always(image({ headers: { 'content-type': mediaType } }));
        expect(await load(fault.url)).toMatchObject({ mediaType });
      },
    );
  });

  describe('sizes', () => {
    const bytes = (length: number) => image({ body: Buffer.alloc(length, 1), cut: 100 });

    it('takes a file of the largest size', async () => {
      fault.always(bytes(1000));
      const { base64 } = await load(fault.url);
      expect(Buffer.from(base64, 'base64')).toHaveLength(1000);
    });

    it('stops reading a file that grows too large', async () => {
      fault.always(bytes(1001));
      expect(await failureOf(load(fault.url))).toMatchObject({
        ...REFUSED,
        message: expect.stringMatching(/too large/),
      });
    });

    it('does not read a file that is announced as too large', async () => {
      const server: Server = createServer((_request, response) => {
        response.writeHead(200, { 'content-type': 'image/png', 'content-length': '1001' });
        response.flushHeaders();
      }).listen(0, '127.0.0.1');
      await once(server, 'listening');
      const place = `127.0.0.1:${(server.address() as AddressInfo).port}`;
      try {
        const failure = failureOf(load(`http://${place}`, { allowedHosts: new Set([place]) }));
        expect(await failure).toMatchObject({ message: expect.stringMatching(/too large/) });
      } finally {
        server.closeAllConnections();
        server.close();
      }
    });

    it('counts all files of one call together, and those of others apart', async () => {
      fault.always(bytes(600));
      const sut = create();
      const one = target();
      await sut.load(fault.url, one, PATH);
      await sut.load(fault.url, target(), PATH);
      expect(await failureOf(sut.load(fault.url, one, PATH))).toMatchObject(REFUSED);
    });
  });

  describe('time', () => {
    const SLOW: Array<[string, FaultScript]> = [
      ['before the headers', { beforeHeaders: 'stall' }],
      ['in its middle', image({ ending: 'stall', afterBytes: 2 })],
    ];

    it.each(SLOW)('gives up on a server that is silent %s', async (_name, script) => {
      fault.always(script);
      expect(await failureOf(load(fault.url, { timeoutMs: 100 }))).toMatchObject({
        ...REFUSED,
        message: expect.stringMatching(/too long/),
      });
      await vi.waitFor(() => expect(fault.openConnections).toBe(0));
    });

    it('takes no longer than the call may', async () => {
      fault.always({ beforeHeaders: 'stall' });
      const failure = failureOf(create().load(fault.url, target({ totalMs: 50 }), PATH));
      expect(await failure).toMatchObject(REFUSED);
    });

    it.each(SLOW)('stops with the call, %s', async (_name, script) => {
      fault.always(script);
      const abort = new AbortController();
      const { signal } = abort;
      const failure = failureOf(create().load(fault.url, target({ signal }), PATH));
      await fault.waitForRequest(0);
      abort.abort();
      expect(await failure).toMatchObject({ kind: 'aborted' });
      await vi.waitFor(() => expect(fault.openConnections).toBe(0));
    });

    it('fetches a bounded number of files at a time', async () => {
      const gate = Promise.withResolvers<void>();
      fault.always(image({ gate: gate.promise }));
      const sut = create();
      const loads = Array.from({ length: 40 }, () => sut.load(fault.url, target(), PATH));
      await fault.waitForRequest(15);
      await new Promise((resolve) => setTimeout(resolve, 50));
      expect(fault.connectionCount).toBe(16);
      gate.resolve();
      await Promise.all(loads);
      expect(fault.requests).toHaveLength(40);
    });
  });
});

const never: Resolve = () => expect.fail('nothing should be looked up');

function resolveTo(addresses: readonly string[]): Resolve {
  return async () =>
    addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
}
