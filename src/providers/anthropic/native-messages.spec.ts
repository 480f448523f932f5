import { lastValueFrom, toArray, type Observable } from 'rxjs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FaultScript } from '../../../test/support/fault-script.js';
import { FaultUpstream } from '../../../test/support/fault-upstream.js';
import { createInstance, createTarget } from '../../../test/support/provider-fixtures.js';
import { JsonDocument } from '../../common/json/json-document.js';
import type { NativeChunk } from '../contract/native.js';
import type { ProviderError } from '../contract/provider-error.js';
import type { Target } from '../contract/target.js';
import { Upstream } from '../upstream/upstream.js';
import {
  ANTHROPIC_VENDOR,
  MESSAGE_START,
  MESSAGE_STOP,
  messageDelta,
  textBlock,
  toolBlock,
} from './anthropic-answers.contract.js';
import { NativeMessages } from './native-messages.js';

const REQUEST = { body: JsonDocument.fromText<{ model: string }>('{"model":"m"}') };
const OVERLOADED = { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } };

interface Seen {
  readonly chunks: NativeChunk[];
  readonly error: ProviderError | undefined;
}

function outcomeOf(stream: Observable<NativeChunk>): Promise<Seen> {
  const chunks: NativeChunk[] = [];
  return new Promise((resolve) => {
    stream.subscribe({
      next: (chunk) => chunks.push(chunk),
      error: (error: unknown) => resolve({ chunks, error: error as ProviderError }),
      complete: () => resolve({ chunks, error: undefined }),
    });
  });
}

const eventsOf = (chunks: readonly NativeChunk[]) =>
  chunks.map((chunk) => (chunk.kind === 'record' ? chunk.event : 'usage'));

describe(NativeMessages, () => {
  let fault: FaultUpstream;
  let upstream: Upstream;
  let target: Target;
  let sut: NativeMessages;

  beforeEach(async () => {
    fault = await FaultUpstream.start();
    upstream = new Upstream();
    target = createTarget(createInstance(fault.url));
    sut = new NativeMessages(upstream);
  });
  afterEach(async () => {
    await upstream.onApplicationShutdown();
    await fault.close();
  });

  const play = (script: FaultScript, to: Target = target) => {
    fault.always({ named: true, ...script });
    return outcomeOf(sut.stream(REQUEST, to));
  };

  it('counts what a model wrote, whole and streamed', async () => {
    const { unary, stream } = ANTHROPIC_VENDOR.tools;
    fault.always({ body: unary });
    const { characters } = await sut.answer(REQUEST, target);
    expect(characters).toBe('Let me see.'.length + '{"city":"Berlin"}'.length + '{}'.length);
    fault.always(stream);
    const chunks = await lastValueFrom(sut.stream(REQUEST, target).pipe(toArray()));
    const counts = chunks.map((chunk) => (chunk.kind === 'record' ? chunk.characters : 0));
    expect(counts.reduce((sum, count) => sum + count)).toBe(
      'Let me see.'.length + '{"city":"Berlin"}'.length,
    );
    expect(eventsOf(chunks).slice(-3)).toEqual(['message_delta', 'message_stop', 'usage']);
  });

  it.each([
    ['an error', [OVERLOADED], 'failed'],
    ['an error after the beginning', [MESSAGE_START, { type: 'ping' }, OVERLOADED], 'failed'],
    ['an end after the beginning', [MESSAGE_START], 'invalid_response'],
    ['no beginning', textBlock(0, 'Hello'), 'invalid_response'],
    ['no JSON', ['{"type":'], 'invalid_response'],
    ['no object', ['1'], 'invalid_response'],
  ])('passes nothing on before the content: %s', async (_what, events, kind) => {
    const { chunks, error } = await play({ events });
    expect(chunks).toEqual([]);
    expect(error).toMatchObject({ kind });
    expect(error!.retryable).toBe(true);
  });

  it('says what the input was when the caller went away before the content', async () => {
    const abort = new AbortController();
    const outcome = play(
      { events: [MESSAGE_START, { type: 'ping' }], ending: 'stall' },
      { ...target, signal: abort.signal },
    );
    await fault.waitForRequest(0);
    abort.abort();
    const { chunks, error } = await outcome;
    expect(error).toMatchObject({ kind: 'aborted' });
    // The beginning may or may not have arrived by then.
    for (const chunk of chunks) {
      expect(chunk).toMatchObject({ kind: 'usage', usage: { estimated: true, cacheRead: 3 } });
    }
  });

  it('begins again where the vendor does, as long as there was no content', async () => {
    const again = { ...MESSAGE_START, again: true };
    const { chunks, error } = await play({
      events: [MESSAGE_START, again, ...textBlock(0, 'Hi'), messageDelta('end_turn'), MESSAGE_STOP],
    });
    expect(error).toBeUndefined();
    expect(chunks[0]).toMatchObject({ event: 'message_start', data: JSON.stringify(again) });
    expect(eventsOf(chunks).filter((event) => event === 'message_start')).toHaveLength(1);

    const late = await play({ events: [MESSAGE_START, ...textBlock(0, 'Hi'), MESSAGE_START] });
    expect(late.error).toMatchObject({ kind: 'invalid_response' });
  });

  it('names what a relay left unnamed, and puts a record on one line', async () => {
    const records = [MESSAGE_START, ...toolBlock(0, 't', 'f', '{}'), messageDelta('tool_use')];
    const pretty = JSON.stringify(MESSAGE_STOP, null, 1).replaceAll('\n', '\ndata: ');
    const body = [...records.map((each) => JSON.stringify(each)), pretty]
      .map((data) => `data: ${data}\n\n`)
      .join('');
    const { chunks, error } = await play({ body });
    expect(error).toBeUndefined();
    expect(eventsOf(chunks).at(0)).toBe('message_start');
    const last = chunks.at(-2)!;
    expect(last).toMatchObject({ event: 'message_stop' });
    expect((last as { data: string }).data).not.toContain('\n');
    expect(JSON.parse((last as { data: string }).data)).toEqual(MESSAGE_STOP);
  });

  it.each([
    ['HTML', '<html>', 'invalid_response'],
    ['no content', '{}', 'invalid_response'],
    ['a list', '[]', 'invalid_response'],
    ['an error under a 200', JSON.stringify(OVERLOADED), 'failed'],
  ])('refuses a whole answer that is none: %s', async (_what, body, kind) => {
    fault.always({ body });
    await expect(sut.answer(REQUEST, target)).rejects.toMatchObject({ kind });
    await expect(sut.countTokens(REQUEST, target)).rejects.toMatchObject({ kind });
  });
});
