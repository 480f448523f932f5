import { of, Subject } from 'rxjs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createInstance } from '../../../test/support/provider-fixtures.js';
import type { ChatChunk } from '../chat/chat.js';
import type { ServerSentEvent } from '../upstream/upstream-call.js';
import { convertOpenAiStream } from './convert-openai-stream.js';
import { convertOpenAiUsage } from './convert-openai-usage.js';
import { chunk, ROLE_CHUNK, USAGE_CHUNK } from './openai-answers.contract.js';
import type { StreamReading } from './openai-stream-reader.js';

const reading: StreamReading = {
  instance: createInstance('http://127.0.0.1:1'),
  convertUsage: convertOpenAiUsage,
};

interface Outcome {
  texts: string[];
  chunks: ChatChunk[];
  error?: unknown;
  completed: boolean;
}

/** What comes of these records, all of which are there at once. */
function read(records: ReadonlyArray<string | object>): Outcome {
  const events = records.map((record): ServerSentEvent => ({
    data: typeof record === 'string' ? record : JSON.stringify(record),
  }));
  const outcome: Outcome = { texts: [], chunks: [], completed: false };
  convertOpenAiStream(of(...events), reading).subscribe({
    next: (each) => {
      outcome.chunks.push(each);
      if (each.kind === 'delta') outcome.texts.push(each.body.text);
    },
    error: (error: unknown) => (outcome.error = error),
    complete: () => (outcome.completed = true),
  });
  return outcome;
}

describe(convertOpenAiStream, () => {
  it('hands chunks on as they were written, spaces and unknown members included', () => {
    const records = [
      JSON.stringify(ROLE_CHUNK),
      '{ "x" : 1e2, "choices":[ {"delta":{"content":"a\\u00e9"},"index":0} ] }',
      JSON.stringify(chunk({}, 'stop')),
    ];
    expect(read([...records, '[DONE]'])).toMatchObject({ texts: records, completed: true });
  });

  it('does not parse a chunk that only has text', () => {
    const parse = vi.spyOn(JSON, 'parse');
    read([ROLE_CHUNK, ...Array.from({ length: 50 }, () => chunk({ content: 'x' })), '[DONE]']);
    expect(parse).toHaveBeenCalledTimes(1);
    parse.mockRestore();
  });

  it('marks usage that comes alone and usage that rides on a chunk', () => {
    const { usage } = USAGE_CHUNK;
    const beside = { ...chunk({}, 'stop'), usage };
    const alone = read([ROLE_CHUNK, chunk({}, 'stop'), USAGE_CHUNK, '[DONE]']).chunks;
    expect(alone.map((each) => each.kind === 'delta' && each.usage)).toEqual([
      'none',
      'none',
      'only',
      false,
    ]);
    const riding = read([ROLE_CHUNK, beside, '[DONE]']).chunks;
    expect(riding.map((each) => each.kind === 'delta' && each.usage)).toEqual([
      'none',
      'beside',
      false,
    ]);
    expect(riding.at(-1)).toMatchObject({
      kind: 'usage',
      usage: { cacheRead: 4, outputReasoning: 2 },
    });
  });

  it('lets the last of several counts hold', () => {
    const counts = (completion_tokens: number) => ({
      ...chunk({ content: 'x' }),
      usage: { prompt_tokens: 5, completion_tokens, total_tokens: 5 + completion_tokens },
    });
    const { chunks } = read([counts(1), counts(2), counts(3), chunk({}, 'stop'), '[DONE]']);
    expect(chunks.filter(({ kind }) => kind === 'usage')).toHaveLength(1);
    expect(chunks.at(-1)).toMatchObject({ usage: { outputText: 3 } });
  });

  it('finds usage beside a request id of the vendor', () => {
    const last = {
      ...chunk({}, 'stop'),
      x_groq: { id: 'r', usage: { prompt_tokens: 3, completion_tokens: 1 } },
    };
    expect(read([ROLE_CHUNK, last]).chunks.at(-1)).toMatchObject({ usage: { inputUncached: 3 } });
  });

  const second = (delta: object, finish: string | null = null) => ({
    ...chunk({}),
    choices: [{ index: 1, delta, finish_reason: finish }],
  });

  it.each([
    ['[DONE]', [ROLE_CHUNK, '[DONE]'], true],
    ['the end after a finish reason', [ROLE_CHUNK, chunk({}, 'stop')], true],
    ['the end after text', [ROLE_CHUNK, chunk({ content: 'x' })], false],
    ['the end after `finish_reason: ""`', [ROLE_CHUNK, chunk({}, '')], false],
    [
      'the end after all of two choices',
      [ROLE_CHUNK, second({}), chunk({}, 'stop'), second({}, 'length')],
      true,
    ],
    [
      'the end after one of two choices',
      [ROLE_CHUNK, second({ content: 'x' }), chunk({}, 'stop')],
      false,
    ],
    ['nothing at all', [], false],
    ['[DONE] alone', ['[DONE]'], false],
    ['blank records alone', ['', ' '], false],
  ])('%s', (_name, records, isWhole) => {
    const { completed, error } = read(records);
    expect(completed).toBe(isWhole);
    if (!isWhole) expect(error).toMatchObject({ kind: 'invalid_response' });
  });

  it('does not take the index of a tool call for a choice', () => {
    const call = { index: 1, id: 'c', type: 'function', function: { name: 'f', arguments: '{}' } };
    expect(
      read([ROLE_CHUNK, chunk({ tool_calls: [call] }), chunk({}, 'tool_calls')]).completed,
    ).toBe(true);
  });

  it('ends before what comes after [DONE]', () => {
    const { texts, completed } = read([
      ROLE_CHUNK,
      '[DONE]',
      chunk({ content: 'late' }),
      'nonsense',
    ]);
    expect(texts).toHaveLength(1);
    expect(completed).toBe(true);
  });

  it.each([
    ['no object', '"text"'],
    ['half an object', '{"choices":['],
    ['broken JSON in the first chunk', '{choices}'],
  ])('refuses %s', (_name, record) => {
    expect(read([record, '[DONE]']).error).toMatchObject({ kind: 'invalid_response' });
  });

  it.each([
    [{ error: { message: 'Slow down', type: 'rate_limit_error', code: 429 } }, 'rate_limited'],
    [{ error: { message: 'Bad', type: 'invalid_request_error', code: null } }, 'rejected'],
    [{ error: 'text' }, 'failed'],
    [{ object: 'error', message: 'flat', code: 500 }, 'failed'],
    [{ ...chunk({}), x_groq: { error: 'over capacity' } }, 'failed'],
    [{ ...chunk({}, 'error'), error: { message: 'Provider broke', code: 502 } }, 'failed'],
  ])('turns %j into an error, in the middle and at the start', (record, kind) => {
    expect(read([record]).error).toMatchObject({ kind });
    expect(read([ROLE_CHUNK, record, '[DONE]'])).toMatchObject({
      completed: false,
      error: { kind },
    });
  });

  it('takes an error that is only content for content', () => {
    const filtered = {
      ...chunk({ content: '{"error":{"message":"x"}}' }),
      choices: [
        {
          index: 0,
          delta: { content: '"error":1' },
          content_filter_result: { error: { code: 'x' } },
        },
      ],
    };
    expect(read([ROLE_CHUNK, filtered, '[DONE]']).completed).toBe(true);
  });

  it('tells what was counted before it failed', () => {
    const { chunks, error } = read([ROLE_CHUNK, USAGE_CHUNK, { error: { message: 'x' } }]);
    expect(chunks.at(-1)?.kind).toBe('usage');
    expect(error).toMatchObject({ kind: 'failed' });
  });
});

describe('the connection after [DONE]', () => {
  const DONE: ServerSentEvent = { data: '[DONE]' };
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  function start() {
    const events = new Subject<ServerSentEvent>();
    let completed = false;
    const subscription = convertOpenAiStream(events, reading).subscribe({
      complete: () => (completed = true),
    });
    events.next({ data: JSON.stringify(ROLE_CHUNK) });
    return { events, subscription, completed: () => completed };
  }

  it('is left to end by itself, while the answer is complete at once', () => {
    const { events, completed } = start();
    events.next(DONE);
    expect(completed()).toBe(true);
    expect(events.observed).toBe(true);
    events.complete();
    expect(vi.getTimerCount()).toBe(0);
  });

  it('is cut when it stays open', () => {
    const { events } = start();
    events.next(DONE);
    vi.runAllTimers();
    expect(events.observed).toBe(false);
  });

  it('may fail without harm', () => {
    const { events, completed } = start();
    events.next(DONE);
    events.error(new Error('reset'));
    expect(completed()).toBe(true);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('is cut at once when the listener leaves before', () => {
    const { events, subscription } = start();
    subscription.unsubscribe();
    expect(events.observed).toBe(false);
    expect(vi.getTimerCount()).toBe(0);
  });
});
