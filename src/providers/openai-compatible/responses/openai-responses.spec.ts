import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FaultUpstream } from '../../../../test/support/fault-upstream.js';
import {
  nativeEvents,
  nativeRefusal,
  nativeResponse,
  nativeStream,
  RESPONSES_USAGE,
} from '../../../../test/support/native-responses.js';
import { createInstance, createTarget } from '../../../../test/support/provider-fixtures.js';
import { JsonDocument } from '../../../common/json/json-document.js';
import type { NativeChunk } from '../../contract/native.js';
import { ProviderError } from '../../contract/provider-error.js';
import { Upstream } from '../../upstream/upstream.js';
import { convertResponsesUsage } from './convert-responses-usage.js';
import { OpenAiResponses } from './openai-responses.js';

const responses = new OpenAiResponses(new Upstream(), {
  path: (endpoint) => endpoint,
  headers: () => ({}),
});
const REQUEST = { body: JsonDocument.fromValue({ model: 'm', input: 'Hello' }) };

let upstream: FaultUpstream;

beforeEach(async () => {
  upstream = await FaultUpstream.start();
});
afterEach(() => upstream.close());

const target = () => createTarget(createInstance(upstream.url));

/** What is emitted, and the error at the end when there is one. */
function streamed(): Promise<{ chunks: NativeChunk[]; error?: unknown }> {
  const chunks: NativeChunk[] = [];
  return new Promise((resolve) => {
    responses.stream(REQUEST, target()).subscribe({
      next: (chunk) => void chunks.push(chunk),
      error: (error: unknown) => resolve({ chunks, error }),
      complete: () => resolve({ chunks }),
    });
  });
}

const textOf = (chunks: readonly NativeChunk[]) =>
  chunks.map((chunk) => (chunk.kind === 'record' ? chunk.data : ''));

describe('a stream of the Responses API', () => {
  const events = nativeEvents('resp_1', 'Hëllo 🙂');

  it.each(['whole', 'per-event', 'with-comments', 1, [7, 1, 64]] as const)(
    'is the same however it is cut: %j',
    async (cut) => {
      upstream.always({ ...nativeStream(events), cut });
      const { chunks, error } = await streamed();
      expect(error).toBeUndefined();
      expect(textOf(chunks.slice(0, -1))).toEqual(events.map((event) => JSON.stringify(event)));
      expect(chunks.at(-1)).toMatchObject({
        kind: 'usage',
        usage: { inputUncached: 17, cacheRead: 3, outputText: 7, outputReasoning: 2 },
      });
    },
  );

  it('is read by the types in its data where its events have no names', async () => {
    upstream.always({ events, done: true });
    const { chunks } = await streamed();
    expect(chunks[0]).toMatchObject({ event: 'response.created' });
    expect(chunks.at(-1)).toMatchObject({ kind: 'usage' });
  });

  it('says nothing when it fails before it has begun', async () => {
    upstream.always(nativeStream(nativeRefusal('resp_1', 'insufficient_quota')));
    const { chunks, error } = await streamed();
    expect(chunks).toEqual([]);
    expect(error).toBeInstanceOf(ProviderError);
    expect(error).toMatchObject({ kind: 'rate_limited', vendorCode: 'insufficient_quota' });
  });

  it('counts what was used until it failed', async () => {
    const failed = nativeResponse('resp_1', '', {
      status: 'failed',
      error: { code: 'server_error', message: 'Oops' },
    });
    upstream.always(
      nativeStream([...events.slice(0, 5), { type: 'response.failed', response: failed }]),
    );
    const { chunks, error } = await streamed();
    expect(error).toMatchObject({ kind: 'failed', message: 'Oops' });
    expect(chunks.at(-1)).toMatchObject({ kind: 'usage', usage: { raw: RESPONSES_USAGE } });
  });

  it('is broken when it just ends', async () => {
    upstream.always(nativeStream(events.slice(0, -1)));
    expect((await streamed()).error).toMatchObject({ kind: 'invalid_response' });
  });
});

describe('a whole response', () => {
  it.each([
    ['an error', { error: { code: 'server_error', message: 'Oops' } }, 'failed'],
    ['no object', '[]', 'invalid_response'],
    ['no output', { id: 'resp_1' }, 'invalid_response'],
  ])('is refused when it is %s', async (_what, body, kind) => {
    upstream.always({ body });
    await expect(responses.answer(REQUEST, target())).rejects.toMatchObject({ kind });
  });

  it('is no longer there once it is forgotten, whether it was there or not', async () => {
    upstream.next({ status: 404, body: { error: { message: 'No such response' } } });
    await responses.forget('resp_1', target());
    expect(upstream.requests[0]).toMatchObject({ method: 'DELETE', path: '/responses/resp_1' });
  });
});

describe(convertResponsesUsage, () => {
  it('counts reasoning within the output, as xAI does here but not in chat', () => {
    const usage = {
      input_tokens: 216,
      output_tokens: 923,
      output_tokens_details: { reasoning_tokens: 323 },
      total_tokens: 1139,
      cost_in_usd_ticks: 1_176_500,
    };
    expect(convertResponsesUsage({ usage })).toMatchObject({
      inputUncached: 216,
      outputText: 600,
      outputReasoning: 323,
      providerCostNanoUsd: 117_650,
      raw: usage,
    });
  });

  it('counts searches', () => {
    const output = [
      { type: 'web_search_call', action: { type: 'search' } },
      { type: 'web_search_call', action: { type: 'open_page' } },
    ];
    expect(convertResponsesUsage({ usage: RESPONSES_USAGE, output })?.webSearches).toBe(1);
  });

  it('is nothing when nothing was counted', () => {
    expect(convertResponsesUsage({ usage: null })).toBeUndefined();
  });
});
