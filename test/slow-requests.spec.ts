import { afterAll, beforeAll, expect, it } from 'vitest';
import { expectRefusal } from './support/expect-refusal.js';
import { sendRaw } from './support/raw-request.js';
import { TestApp } from './support/test-app.js';

let proxy: TestApp;

beforeAll(async () => {
  proxy = await TestApp.start({ env: { HEADERS_TIMEOUT_MS: '200', REQUEST_TIMEOUT_MS: '400' } });
});

afterAll(() => proxy.close());

const head = (...lines: string[]) =>
  [
    'POST /v1/chat/completions HTTP/1.1',
    'host: proxy',
    `x-api-key: ${proxy.demoKey}`,
    'content-type: application/json',
    ...lines,
    '',
  ].join('\r\n');

it.each<[string, () => string]>([
  ['headers', () => head()],
  ['a body of known length', () => `${head('content-length: 100')}\r\n{"model":`],
  ['a body in chunks', () => `${head('transfer-encoding: chunked')}\r\n5\r\n{"mod`],
])('a client that never finishes %s is told so, once, and let go', async (_, text) => {
  const answer = await sendRaw(proxy.url, text());
  expectRefusal(answer, {
    status: 408,
    type: 'invalid_request_error',
    code: 'request_timeout',
  });
  expect(answer.headers['connection']).toBe('close');
  expect(await proxy.rows()).toEqual([]);
});
