import { createServer, request as httpRequest, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApiError } from '../../common/errors/api-error.js';
import { readJsonBody } from './read-json-body.js';

const LIMITS = { maxBytes: 1000, maxDepth: 5 };

const server = createServer((request, response) => {
  readJsonBody(request, LIMITS).then(
    ({ value, text }) => response.end(JSON.stringify({ value, text })),
    (error: unknown) => response.end(JSON.stringify({ code: (error as ApiError).code })),
  );
});

beforeAll(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)));
afterAll(() => server.close());

function send(
  body: string | Buffer,
  headers: Record<string, string> = {},
): Promise<{ code?: string; value?: unknown; text?: string }> {
  return new Promise((resolve, reject) => {
    const { port } = server.address() as AddressInfo;
    const request = httpRequest(
      {
        port,
        host: '127.0.0.1',
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
      },
      (response: IncomingMessage) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => resolve(JSON.parse(Buffer.concat(chunks).toString())));
      },
    );
    request.on('error', reject);
    request.end(body);
  });
}

describe(readJsonBody.name, () => {
  it('gives the text as it came beside what it reads', async () => {
    const text = '{ "big": 12345678901234567890, "ü": "é" }';
    expect(await send(text)).toMatchObject({ text });
  });

  it.each([
    ['gzip', gzipSync],
    ['deflate', deflateSync],
    ['br', brotliCompressSync],
  ] as const)('decompresses %s', async (encoding, compress) => {
    const answer = await send(compress(Buffer.from('{"a":1}')), { 'content-encoding': encoding });
    expect(answer.value).toEqual({ a: 1 });
  });

  it.each([
    ['garbage', 'garbage'],
    ['an array', '[1]'],
    ['nothing', ''],
    ['half a document', '{"a":'],
    ['bytes that are not UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])],
    ['a key that reaches a prototype', '{"__proto__":{"a":1}}'],
    ['an escaped key that reaches a prototype', '{"\\u005f_proto__":{"a":1}}'],
    ['a constructor with a prototype', '{"constructor":{"prototype":{"a":1}}}'],
    ['six levels', '{"a":{"a":{"a":{"a":{"a":{}}}}}}'],
  ])('refuses %s as invalid_json', async (_, body) => {
    expect(await send(body)).toEqual({ code: 'invalid_json' });
  });

  it('takes five levels', async () => {
    expect((await send('{"a":{"a":{"a":{"a":{}}}}}')).value).toBeDefined();
  });

  it('refuses broken gzip as invalid_json', async () => {
    expect(await send('not gzip', { 'content-encoding': 'gzip' })).toEqual({
      code: 'invalid_json',
    });
  });

  it.each([
    ['form data', { 'content-type': 'application/x-www-form-urlencoded' }],
    ['another character set', { 'content-type': 'application/json; charset=latin1' }],
    ['an unknown encoding', { 'content-encoding': 'snappy' }],
  ])('refuses %s as unsupported_media_type', async (_, headers) => {
    expect(await send('{}', headers)).toEqual({ code: 'unsupported_media_type' });
  });

  it.each([
    ['by its declared length', 'x'.repeat(1001), {}],
    ['when it turns out while reading', 'x'.repeat(1001), { 'transfer-encoding': 'chunked' }],
    [
      'after decompression',
      gzipSync(Buffer.from(`{"a":"${'x'.repeat(5000)}"}`)),
      { 'content-encoding': 'gzip' },
    ],
  ])('refuses a large body %s', async (_, body, headers) => {
    expect(await send(body, headers)).toEqual({ code: 'request_too_large' });
  });
});
