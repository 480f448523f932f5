import { buffer } from 'node:stream/consumers';
import { execFile } from 'node:child_process';
import { request } from 'node:http';
import { promisify } from 'node:util';
import { fileURLToPath } from 'node:url';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectRefusal, partsOf } from '../support/expect-refusal.js';
import { TestApp } from '../support/test-app.js';

const BUILD = fileURLToPath(new URL('../../bin/build.js', import.meta.url));
const BUILD_TIMEOUT_MS = 180_000;
const HTML = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };

let app: TestApp;
let below: TestApp;

beforeAll(async () => {
  await promisify(execFile)(process.execPath, [
    '-e',
    `import(${JSON.stringify(BUILD)}).then((build) => build.buildWhenStale())`,
  ]);
  app = await TestApp.start();
  below = await TestApp.start({ env: { BASE_PATH: '/llm' } });
}, BUILD_TIMEOUT_MS);

afterAll(async () => {
  await app.close();
  await below.close();
});

async function openPage(url: string, headers: Record<string, string> = {}) {
  const answer = await fetch(url, { headers: { ...HTML, ...headers } });
  return { status: answer.status, headers: answer.headers, html: await answer.text() };
}

describe('the page', () => {
  it.each(['/', '/requests/req_1?model=fast', '/llm'])(
    'is what a browser sees at %s',
    async (path) => {
      const page = await openPage(`${app.url}${path}`);
      expect(page.status).toBe(200);
      expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
      expect(page.headers.get('cache-control')).toBe('no-store');
      expect(page.html).toContain('<base href="/" />');
    },
  );

  it('lets nothing into it but its own files and what has the nonce of this answer', async () => {
    const [one, other] = [await openPage(app.url), await openPage(app.url)];
    const policy = one.headers.get('content-security-policy') ?? '';
    const nonce = /nonce="([^"]+)"/.exec(one.html)?.[1] ?? '';
    expect(nonce).toHaveLength(24);
    expect(policy.split(';').toSorted()).toEqual(
      [
        "default-src 'none'",
        "script-src 'self'",
        `style-src 'self' 'nonce-${nonce}'`,
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'self'",
        "frame-ancestors 'none'",
      ].toSorted(),
    );
    expect(other.html).not.toContain(nonce);
    expect(one.html).not.toMatch(/<style|<script>|\son\w+=|style="/);
    expect(one.headers.get('x-content-type-options')).toBe('nosniff');
    expect(one.headers.get('referrer-policy')).toBe('no-referrer');
    expect(one.headers.get('x-frame-options')).toBe('DENY');
  });

  it('has the theme and the language that the person chose, and no other text of the cookie', async () => {
    const chosen = { cookie: 'other=1; llm-proxy-theme=dark; llm-proxy-language=de' };
    expect((await openPage(app.url, chosen)).html).toContain('<html lang="de" data-theme="dark">');
    const forged = { cookie: 'llm-proxy-theme="><script>; llm-proxy-language=xx' };
    expect((await openPage(app.url, forged)).html).toContain(
      '<html lang="en" data-theme="system">',
    );
    const german = { 'accept-language': 'fr, de-AT;q=0.8, en;q=0.5' };
    expect((await openPage(app.url, german)).html).toContain('<html lang="de"');
  });

  it('stands below the base path, and nowhere else', async () => {
    for (const path of ['/llm', '/llm/', '/llm/usage']) {
      expect((await openPage(`${below.url}${path}`)).html).toContain('<base href="/llm/" />');
    }
    expect((await openPage(`${below.url}/usage`)).status).toBe(404);
  });

  it.each([
    '/api/nothing',
    '/v1/nothing',
    '/health/nothing',
    '/assets/index-gone.js',
    '/metrics/x',
  ])('is not the answer to %s', async (path) => {
    expectRefusal(await partsOf(await fetch(`${app.url}${path}`, { headers: HTML })), {
      status: 404,
      type: 'invalid_request_error',
      code: 'not_found',
      message: `Unknown route: GET ${path}.`,
    });
  });

  it.each([
    ['GET', '*/*'],
    ['POST', HTML.accept],
  ])('is not the answer to a %s that accepts %s', async (method, accept) => {
    const answer = await fetch(`${app.url}/usage`, { method, headers: { accept } });
    expect(answer.status).toBe(404);
  });

  it('leaves health, models and the API as they were', async () => {
    for (const path of ['/health', '/version', '/v1/models', '/api/budgets']) {
      const answer = await fetch(`${app.url}${path}`, {
        headers: { ...HTML, authorization: `Bearer ${app.adminKey}` },
      });
      expect([path, answer.status, answer.headers.get('content-type')?.split(';')[0]]).toEqual([
        path,
        200,
        'application/json',
      ]);
    }
  });
});

describe('its files', () => {
  let script: string;

  beforeAll(async () => {
    const { html } = await openPage(app.url);
    script = /src="\.\/(assets\/[^"]+)"/.exec(html)?.[1] ?? '';
  });

  it('are kept for ever, in the form that the browser reads', async () => {
    const plain = await get(`${app.url}/${script}`, 'identity');
    expect(plain.headers).toMatchObject({
      'cache-control': 'public, max-age=31536000, immutable',
      'content-type': 'text/javascript; charset=utf-8',
      'x-content-type-options': 'nosniff',
      vary: 'accept-encoding',
    });
    const gzip = await get(`${app.url}/${script}`, 'gzip');
    const brotli = await get(`${app.url}/${script}`, 'gzip, deflate, br');
    expect(gzip.headers['content-encoding']).toBe('gzip');
    expect(brotli.headers['content-encoding']).toBe('br');
    expect(gunzipSync(gzip.body).equals(plain.body)).toBe(true);
    expect(brotliDecompressSync(brotli.body).equals(plain.body)).toBe(true);
    expect(brotli.body.length).toBeLessThan(gzip.body.length);
  });

  it('are found below the base path too', async () => {
    expect((await fetch(`${below.url}/llm/${script}`)).status).toBe(200);
  });

  it.each([
    '/..%2f..%2fpackage.json',
    '/assets/..%2findex.html',
    '/.sources',
    '/.vite/manifest.json',
    '/index.html.br',
  ])('do not include %s', async (path) => {
    const answer = await fetch(`${app.url}${path}`);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([
      404,
      'application/json; charset=utf-8',
    ]);
  });
});

/** Without `fetch`, which undoes the encoding. */
function get(url: string, acceptEncoding: string) {
  return new Promise<{ headers: Record<string, unknown>; body: Buffer }>((resolve, reject) => {
    request(url, { headers: { 'accept-encoding': acceptEncoding } }, (answer) => {
      buffer(answer).then((body) => resolve({ headers: answer.headers, body }), reject);
    })
      .on('error', reject)
      .end();
  });
}
