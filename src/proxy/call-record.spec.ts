import { beforeEach, describe, expect, it } from 'vitest';
import { ApiError } from '../common/errors/api-error.js';
import { JsonDocument } from '../common/json/json-document.js';
import type { ChatChunk } from '../providers/chat/chat.js';
import type { ChatCompletion, ChatCompletionChunk } from '../providers/chat/chat-api.js';
import { ProviderError } from '../providers/contract/provider-error.js';
import { NO_USAGE, type TokenUsage } from '../providers/contract/token-usage.js';
import type { Attempt } from '../routing/attempts.js';
import type { RouteTarget } from '../routing/route-target.js';
import { estimateTokens } from '../usage/estimate-tokens.js';
import { CallRecord } from './call-record.js';
import type { Exchange } from './exchange.js';

const ARRIVAL = 1000;

const target = (instance: string, model: string): RouteTarget =>
  ({ instance: { name: instance }, model }) as unknown as RouteTarget;

const FIRST = target('first', 'model');

const delta = (characters: number, usage: 'none' | 'only' | 'beside' = 'none'): ChatChunk => ({
  kind: 'delta',
  body: JsonDocument.fromText<ChatCompletionChunk>('{}'),
  usage,
  characters,
});

const told = (input: number, output: number): ChatChunk => ({
  kind: 'usage',
  usage: usageOf(input, output),
});

function usageOf(input: number, output: number): TokenUsage {
  return { ...NO_USAGE, inputUncached: input, outputText: output };
}

const broken = new ApiError('upstream_error', 'Broken.');

/** Counts nothing, so that what is estimated goes by characters. */
const estimator = {
  estimate: (texts: readonly { characters: number }[]) =>
    Promise.resolve(
      texts.map(({ characters }) => (characters === 0 ? 0 : estimateTokens(characters))),
    ),
};

let exchange: { left: boolean; elapsedMs: number; request: object };
let attempts: Attempt[];
let record: CallRecord;

beforeEach(() => {
  exchange = { left: false, elapsedMs: 0, request: { context: { startedAt: ARRIVAL } } };
  attempts = [{ target: FIRST, startedAt: ARRIVAL + 1, endedAt: ARRIVAL + 9 }];
  record = new CallRecord({
    exchange: exchange as unknown as Exchange,
    input: { characters: 400 },
    estimator,
    attempts,
    firstTarget: FIRST,
  });
});

describe(CallRecord.name, () => {
  it('takes a whole answer as the vendor counted it', async () => {
    exchange.elapsedMs = 12;
    record.answered({
      body: JsonDocument.fromText<ChatCompletion>('{}'),
      usage: usageOf(5, 6),
      characters: 1000,
      upstreamRequestId: 'theirs',
    });
    expect(await record.completed()).toMatchObject({
      status: 'ok',
      httpStatus: 200,
      errorCode: null,
      provider: 'first',
      model: 'model',
      usage: usageOf(5, 6),
      latencyMs: 12,
      firstChunkMs: null,
      upstreamRequestId: 'theirs',
    });
  });

  it('adds no estimate to a count that has everything, though the end is missing', async () => {
    record.relayed(delta(400));
    record.relayed({ kind: 'usage', usage: usageOf(5, 100), isFinal: true });
    expect((await record.failed(broken)).usage).toEqual(usageOf(5, 100));
  });

  it('remembers when the first chunk came', async () => {
    exchange.elapsedMs = 30;
    record.relayed(delta(0));
    exchange.elapsedMs = 70;
    record.relayed(delta(4));
    exchange.elapsedMs = 90;
    expect(await record.completed()).toMatchObject({ firstChunkMs: 30, latencyMs: 90 });
  });

  it.each([
    { what: 'nothing told', steps: [delta(40)], usage: { inputUncached: 100, outputText: 10 } },
    { what: 'told at the end', steps: [delta(40), told(7, 8)], usage: usageOf(7, 8) },
    {
      what: 'told before the last text, and held to it',
      steps: [delta(40, 'beside'), delta(40), told(7, 8)],
      usage: usageOf(7, 8),
    },
    {
      what: 'an answer without a character',
      steps: [delta(0)],
      usage: { inputUncached: 100, outputText: 0 },
    },
  ])('counts a whole stream: $what', async ({ steps, usage }) => {
    for (const step of steps) record.relayed(step);
    expect(await record.completed()).toMatchObject({ status: 'ok', usage });
  });

  it.each([
    { what: 'nothing told', steps: [delta(40)], input: 100, output: 10, estimated: true },
    {
      what: 'told, and nothing relayed since',
      steps: [delta(40), delta(0, 'only'), told(7, 8)],
      input: 7,
      output: 8,
      estimated: false,
    },
    {
      what: 'told, and text relayed since',
      steps: [delta(40, 'beside'), delta(8), delta(1), told(7, 8)],
      input: 7,
      output: 8 + 3,
      estimated: true,
    },
    { what: 'nothing relayed', steps: [], input: 0, output: 0, estimated: false },
  ])('counts a stream that broke: $what', async ({ steps, input, output, estimated }) => {
    for (const step of steps) record.relayed(step);
    expect(await record.failed(broken)).toMatchObject({
      status: 'error',
      httpStatus: 502,
      errorCode: 'upstream_error',
      usage: { inputUncached: input, outputText: output, estimated },
    });
  });

  it('charges the prompt of a call that its client broke off', async () => {
    exchange.left = true;
    expect(await record.failed(broken)).toMatchObject({
      status: 'client_aborted',
      httpStatus: 499,
      errorCode: 'client_aborted',
      usage: { inputUncached: 100, outputText: 0, estimated: true },
    });
  });

  it('charges nothing where nobody was called', async () => {
    attempts.length = 0;
    exchange.left = true;
    expect(await record.failed(broken)).toMatchObject({
      status: 'client_aborted',
      provider: 'first',
      legs: [],
      usage: NO_USAGE,
    });
  });

  it('says that the client left, although the answer was read to its end', async () => {
    exchange.left = true;
    record.relayed(told(7, 8));
    expect(await record.completed()).toMatchObject({
      status: 'client_aborted',
      usage: usageOf(7, 8),
    });
  });

  it.each([
    usageOf(1e300, 1),
    usageOf(1, 9e15),
    usageOf(-1, 5),
    usageOf(0.5, 5),
    { ...NO_USAGE, webSearches: Number.NaN },
  ])('estimates rather than believe %j', async (usage) => {
    record.relayed(delta(40));
    record.relayed({ kind: 'usage', usage });
    expect((await record.completed()).usage).toMatchObject({
      inputUncached: 100,
      outputText: 10,
      estimated: true,
    });
  });

  it('has a leg for each call, timed from the arrival of the request', async () => {
    attempts.splice(0);
    attempts.push(
      {
        target: FIRST,
        startedAt: ARRIVAL + 5,
        endedAt: ARRIVAL + 25,
        error: new ProviderError('failed', 'x', { status: 503 }),
      },
      {
        target: target('second', 'other'),
        startedAt: ARRIVAL + 30,
        endedAt: ARRIVAL + 31,
        error: new ProviderError('aborted', 'x'),
      },
      { target: target('third', 'last'), startedAt: ARRIVAL + 40, endedAt: ARRIVAL + 60 },
    );
    const outcome = await record.completed();
    expect(outcome).toMatchObject({ provider: 'third', model: 'last' });
    expect(outcome.legs).toEqual([
      {
        provider: 'first',
        model: 'model',
        status: 'error',
        error: 'failed',
        httpStatus: 503,
        startedMs: 5,
        durationMs: 20,
      },
      {
        provider: 'second',
        model: 'other',
        status: 'aborted',
        error: 'aborted',
        startedMs: 30,
        durationMs: 1,
      },
      { provider: 'third', model: 'last', status: 'ok', startedMs: 40, durationMs: 20 },
    ]);
  });
});
