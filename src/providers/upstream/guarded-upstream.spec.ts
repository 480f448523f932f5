import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FaultUpstream } from '../../../test/support/fault-upstream.js';
import { createInstance, createTarget } from '../../../test/support/provider-fixtures.js';
import { ClosedAddressError, GuardedDialer, type Resolve } from './guarded-dialer.js';
import { Upstream } from './upstream.js';

const PUBLIC = { address: '93.184.215.14', family: 4 };
const PRIVATE = { address: '127.0.0.1', family: 4 };
const CLOSED = {
  kind: 'failed',
  unsent: true,
  message: 'The address of the upstream is not a public one',
};

describe('an instance that was set in the dashboard', () => {
  let fault: FaultUpstream;
  let port: string;
  const opened: Upstream[] = [];

  beforeEach(async () => {
    fault = await FaultUpstream.start();
    port = new URL(fault.url).port;
    fault.always({ body: { ok: true } });
  });
  afterEach(async () => {
    for (const upstream of opened.splice(0)) await upstream.onApplicationShutdown();
    await fault.close();
  });

  function call(baseUrl: string, dialer: GuardedDialer, isGuarded = true) {
    const upstream = new Upstream(undefined, dialer);
    opened.push(upstream);
    const target = createTarget(createInstance(baseUrl, { isGuarded }));
    return upstream.json({ target, method: 'GET', path: '/models' });
  }

  it('is not called at an address inside, however it is written', async () => {
    const dialer = new GuardedDialer(new Set(), async () => [PRIVATE]);
    for (const url of [
      `https://127.0.0.1:${port}`,
      `https://[::1]:${port}`,
      `https://[::ffff:127.0.0.1]:${port}`,
      `https://2130706433:${port}`,
      `https://localhost:${port}`,
      `https://vendor.test:${port}`,
      `http://vendor.test:${port}`,
    ]) {
      await expect(call(url, dialer), url).rejects.toMatchObject(CLOSED);
    }
    expect(fault.connectionCount).toBe(0);
  });

  it('is not called where its name leads since it was checked', async () => {
    const answers = [[PUBLIC], [PRIVATE], [PUBLIC, PRIVATE]];
    const resolve: Resolve = async () => answers.shift() ?? [PRIVATE];
    const dialer = new GuardedDialer(new Set(), resolve);
    const url = `https://vendor.test:${port}`;
    await expect(dialer.check(new URL(url))).resolves.toBeUndefined();
    await expect(call(url, dialer)).rejects.toMatchObject(CLOSED);
    await expect(call(url, dialer)).rejects.toMatchObject(CLOSED);
    expect(fault.connectionCount).toBe(0);
  });

  it('is called where the operator allows it', async () => {
    const dialer = new GuardedDialer(
      new Set([`vendor.test:${port}`, `127.0.0.1:${port}`]),
      async () => [PRIVATE],
    );
    for (const host of ['vendor.test', '127.0.0.1']) {
      const url = `http://${host}:${port}`;
      await expect(dialer.check(new URL(url))).resolves.toBeUndefined();
      expect((await call(url, dialer)).status).toBe(200);
    }
  });

  it('is checked before it is saved: scheme, address, and that there is one', async () => {
    const nowhere: Resolve = async () => {
      throw new Error('getaddrinfo ENOTFOUND vendor.test');
    };
    for (const [url, resolve] of [
      ['http://vendor.test', async () => [PUBLIC]],
      ['https://10.0.0.5', async () => [PUBLIC]],
      ['https://169.254.169.254', async () => [PUBLIC]],
      ['https://vendor.test', async () => [PUBLIC, PRIVATE]],
      ['https://vendor.test', nowhere],
    ] as [string, Resolve][]) {
      const checked = new GuardedDialer(new Set(), resolve).check(new URL(url));
      await expect(checked, url).rejects.toThrow(ClosedAddressError);
    }
  });

  it('follows no redirect', async () => {
    const dialer = new GuardedDialer(new Set([`127.0.0.1:${port}`]));
    fault.always({ status: 302, headers: { location: `${fault.url}/elsewhere` }, body: '' });
    await expect(call(fault.url, dialer)).rejects.toMatchObject({ kind: 'invalid_response' });
    expect(fault.requests.map(({ path }) => path)).toEqual(['/models']);
  });

  it("is the operator's word when the file or the environment says it", async () => {
    const dialer = new GuardedDialer(new Set());
    expect((await call(fault.url, dialer, false)).status).toBe(200);
  });
});
