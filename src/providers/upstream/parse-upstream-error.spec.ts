import { describe, expect, it } from 'vitest';
import { createInstance } from '../../../test/support/provider-fixtures.js';
import { parseInBandError, parseUpstreamError } from './parse-upstream-error.js';

const instance = createInstance('https://api.example.test', { apiKeys: ['canary-key'] });

const parse = (status: number, body: unknown, headers: Record<string, string> = {}) => {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return parseUpstreamError({ status, headers, text }, instance);
};

describe(parseUpstreamError, () => {
  it.each<[string, number, unknown, object]>([
    [
      'OpenAI',
      400,
      { error: { message: 'M', type: 'invalid_request_error', param: 'n', code: 'unknown' } },
      { kind: 'rejected', vendorType: 'invalid_request_error', vendorCode: 'unknown', param: 'n' },
    ],
    [
      'Anthropic',
      529,
      { type: 'error', error: { type: 'overloaded_error', message: 'M' }, request_id: 'r' },
      { kind: 'failed', vendorType: 'overloaded_error', vendorCode: null },
    ],
    [
      'Google with RetryInfo',
      429,
      {
        error: {
          code: 429,
          message: 'M',
          status: 'RESOURCE_EXHAUSTED',
          details: [{ '@type': 'x' }, { '@type': 'RetryInfo', retryDelay: '34.4s' }],
        },
      },
      {
        kind: 'rate_limited',
        vendorType: 'RESOURCE_EXHAUSTED',
        vendorCode: '429',
        retryAfterMs: 34_400,
      },
    ],
    ['Google in an array', 404, [{ error: { code: 404, message: 'M' } }], { kind: 'rejected' }],
    [
      'Google, bad key',
      400,
      { error: { code: 400, message: 'API key not valid.' } },
      { kind: 'auth' },
    ],
    [
      'OpenRouter',
      403,
      { error: { code: 403, message: 'M', metadata: { reasons: ['x'], flagged_input: 'y' } } },
      { kind: 'rejected', vendorCode: '403' },
    ],
    [
      'OpenRouter, what the provider said',
      400,
      { error: { code: 400, message: 'P', metadata: { raw: '{"error":{"message":"inner"}}' } } },
      { message: 'P: inner' },
    ],
    [
      'Azure, content filter',
      400,
      { error: { code: 'content_filter', param: 'prompt', status: 400, message: 'M' } },
      { kind: 'rejected', vendorCode: 'content_filter', vendorType: null },
    ],
    [
      'Azure, key',
      401,
      { error: { code: '401', message: 'M' } },
      { kind: 'auth', vendorCode: '401' },
    ],
    ['xAI text with code', 400, { code: 'c', error: 'M' }, { message: 'M', vendorCode: 'c' }],
    [
      'xAI, content',
      403,
      { code: 'c', error: 'Content violates usage guidelines.' },
      { kind: 'rejected' },
    ],
    ['xAI, bad key', 400, { error: 'Incorrect API key provided: x' }, { kind: 'auth' }],
    ['Ollama', 404, { error: 'model not found' }, { kind: 'rejected', message: 'model not found' }],
    ['TGI', 422, { error: 'M', error_type: 'validation' }, { vendorType: 'validation' }],
    [
      'Mistral, flat',
      400,
      { object: 'error', message: 'M', type: 'T', param: 'p', code: 3051 },
      { vendorType: 'T', vendorCode: '3051', param: 'p' },
    ],
    ['FastAPI, text', 404, { detail: 'Not Found' }, { message: 'Not Found' }],
    [
      'FastAPI, list',
      422,
      {
        detail: [
          { loc: ['body', 'n'], msg: 'too big' },
          { loc: ['body', 'm'], msg: 'bad' },
        ],
      },
      { message: 'body.n: too big; body.m: bad' },
    ],
    [
      'Mistral, message object',
      422,
      { object: 'error', message: { detail: [{ loc: ['a'], msg: 'b' }] } },
      { message: 'a: b' },
    ],
    [
      'Cloudflare',
      502,
      { success: false, errors: [{ code: 7003, message: 'M' }] },
      { vendorCode: '7003' },
    ],
    [
      'HTML',
      502,
      '<html>x</html>',
      { kind: 'failed', message: 'The upstream answered with status 502' },
    ],
    ['nothing', 500, '', { message: 'The upstream answered with status 500' }],
    ['null', 500, 'null', { message: 'The upstream answered with status 500' }],
    [
      'an odd error member',
      500,
      { error: 42 },
      { message: 'The upstream answered with status 500' },
    ],
    [
      'a redirect',
      301,
      '',
      { kind: 'invalid_response', message: 'The upstream answered with a redirect' },
    ],
  ])('reads the error of %s', (_, status, body, expected) => {
    expect(parse(status, body)).toMatchObject({ status, ...expected });
  });

  it('believes a delay in the body, whatever the words', () => {
    const details = [
      { '@type': 'type.googleapis.com/google.rpc.QuotaFailure', violations: [{ quotaId: 'q' }] },
      { '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '12.5s' },
    ];
    const error = { code: 429, message: 'You exceeded your current quota', details };
    expect(parse(429, { error })).toMatchObject({ kind: 'rate_limited', retryAfterMs: 12_500 });
  });

  it.each([
    {
      error: {
        message: 'You exceeded your current quota',
        type: 'insufficient_quota',
        code: 'insufficient_quota',
      },
    },
    { error: { message: 'Your credit balance is too low', type: 'rate_limit_error' } },
  ])('gives no time to come back when the money is gone', (body) => {
    expect(parse(429, body, { 'retry-after': '20' })).toMatchObject({
      kind: 'rate_limited',
      retryAfterMs: undefined,
    });
  });

  it('sanitises everything that it takes over', () => {
    const secret = 'canary-key';
    const error = parse(
      400,
      { error: { message: secret, type: secret, code: secret, param: secret } },
      { 'x-request-id': 'has space' },
    );
    expect(error).toMatchObject({
      message: '[key]',
      vendorType: '[key]',
      vendorCode: '[key]',
      param: '[key]',
      upstreamRequestId: undefined,
    });
  });
});

describe(parseInBandError, () => {
  it.each<[string, unknown, object]>([
    [
      'OpenAI',
      { error: { message: 'M', type: 'server_error' } },
      { kind: 'failed', status: undefined },
    ],
    ['a number', { error: { message: 'M', code: 502 } }, { kind: 'failed', status: 502 }],
    [
      'a type',
      { error: { message: 'M', type: 'rate_limit_error' } },
      { kind: 'rate_limited', status: 429 },
    ],
    [
      'a code',
      { error: { message: 'M', code: 'context_length_exceeded' } },
      { kind: 'rejected', status: 400 },
    ],
    [
      'Anthropic',
      { type: 'error', error: { type: 'overloaded_error', message: 'M' } },
      { kind: 'failed', status: 529 },
    ],
    ['Google', [{ error: { code: 503, status: 'UNAVAILABLE', message: 'M' } }], { kind: 'failed' }],
    ['Ollama', { error: 'M' }, { kind: 'failed', message: 'M' }],
    ['Groq', { choices: [], x_groq: { error: 'M' } }, { kind: 'failed', message: 'M' }],
    [
      'a choice',
      { choices: [{ index: 0, error: { code: 429, message: 'M' } }] },
      { kind: 'rate_limited' },
    ],
    ['Mistral', { object: 'error', message: 'M', code: 401 }, { kind: 'auth' }],
    ['an unknown type', { error: { message: 'M', type: 'odd' } }, { kind: 'failed' }],
    ['no message', { error: {} }, { message: 'The upstream answered with an error' }],
  ])('reads %s', (_, body, expected) => {
    expect(parseInBandError(body, instance)).toMatchObject(expected);
  });

  it.each([
    undefined,
    null,
    'text',
    [],
    {},
    { error: null },
    { error: '' },
    { choices: [{ index: 0, delta: { content: 'error' } }] },
    { id: 'x', message: 'hello', detail: 'text' },
    { type: 'message', content: [] },
  ])('finds none in %o', (body) => {
    expect(parseInBandError(body, instance)).toBeUndefined();
  });
});
