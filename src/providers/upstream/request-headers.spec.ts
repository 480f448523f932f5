import { describe, expect, it } from 'vitest';
import { createCall, createInstance } from '../../../test/support/provider-fixtures.js';
import { KeyRing } from './key-ring.js';
import { RequestHeaders, type Expectation } from './request-headers.js';
import type { UpstreamCall } from './upstream-call.js';

const instance = createInstance('http://127.0.0.1', {
  apiKeys: ['one-one', 'two-two'],
  authentication: { header: 'x-goog-api-key', prefix: '' },
});

const write = (
  overrides: Partial<UpstreamCall> = {},
  clientHeaders: Record<string, string> = {},
  expectation: Expectation = 'json',
): Record<string, string> => {
  const headers = new RequestHeaders(instance, new KeyRing(instance));
  const list = headers.for(
    createCall(instance, { headers: clientHeaders }, overrides),
    expectation,
    1,
  );
  const pairs = Array.from({ length: list.length / 2 }, (_, index) => list.slice(index * 2));
  expect(new Set(pairs.map(([name]) => name)).size).toBe(pairs.length);
  return Object.fromEntries(pairs.map(([name, value]) => [name, value]));
};

describe(RequestHeaders, () => {
  it('writes the type, the expectation and the key', () => {
    expect(write()).toEqual({
      'user-agent': 'llm-proxy',
      accept: 'application/json',
      'accept-encoding': 'gzip, deflate, br',
      'content-type': 'application/json',
      'x-goog-api-key': 'two-two',
    });
  });

  it('names no content type without a body', () => {
    expect(write({ body: undefined })).not.toHaveProperty('content-type');
  });

  it("prefers the provider's headers to the client's", () => {
    const headers = write(
      { headers: { 'anthropic-version': 'provider', accept: 'audio/mpeg' } },
      { 'anthropic-version': 'client', 'anthropic-beta': 'client', accept: 'text/html' },
    );
    expect(headers).toMatchObject({
      'anthropic-version': 'provider',
      'anthropic-beta': 'client',
      accept: 'audio/mpeg',
    });
  });

  it('lets nobody set the key, the framing or the encoding', () => {
    const theirs = {
      'X-Goog-Api-Key': 'stolen',
      'Transfer-Encoding': 'chunked',
      'content-length': '1',
      host: 'elsewhere',
      'accept-encoding': 'zstd',
      'user-agent': 'other',
    };
    expect(write({ headers: theirs }, theirs)).toEqual(write());
  });
});
