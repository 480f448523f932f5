import { lastValueFrom, Observable, of, throwError, concat, NEVER, toArray } from 'rxjs';
import { describe, expect, it, vi } from 'vitest';
import { createInstance, createTarget } from '../../../test/support/provider-fixtures.js';
import type { ChatDelta } from '../chat/chat.js';
import { ProviderError } from '../contract/provider-error.js';
import type { ServerSentEvent } from '../upstream/upstream-call.js';
import { convertOllamaStream } from './convert-ollama-stream.js';
import { CREATED, lastLine, line } from './ollama-answers.contract.js';

const target = createTarget(createInstance('http://ollama.invalid'), { requestId: 'req_1' });
const eventsOf = (lines: readonly (object | string)[]): ServerSentEvent[] =>
  lines.map((each) => ({ data: typeof each === 'string' ? each : JSON.stringify(each) }));

async function convert(lines: readonly (object | string)[], wantsUsage = false) {
  const stream = convertOllamaStream(of(...eventsOf(lines)), target, wantsUsage);
  return lastValueFrom(stream.pipe(toArray()));
}
const bodiesOf = (chunks: readonly { kind: string }[]) =>
  chunks.filter(({ kind }) => kind === 'delta').map((chunk) => (chunk as ChatDelta).body.value);

describe(convertOllamaStream, () => {
  it('writes chunks with one id, time and model, and the role once', async () => {
    const lines = [
      line({ content: 'a' }),
      line({ content: 'b' }, { model: 'other', created_at: '2027-01-01T00:00:00Z' }),
      lastLine(),
    ];
    const bodies = bodiesOf(await convert(lines));
    for (const { id, object, created, model } of bodies) {
      expect({ id, object, created, model }).toEqual({
        id: 'chatcmpl-req_1',
        object: 'chat.completion.chunk',
        created: CREATED,
        model: 'llama3.2:latest',
      });
    }
    expect(bodies.map(({ choices }) => choices[0]?.delta)).toEqual([
      { role: 'assistant', content: 'a' },
      { content: 'b' },
      {},
    ]);
    expect(bodies.map(({ choices }) => choices[0]?.finish_reason)).toEqual([null, null, 'stop']);
  });

  it('knows the time and the model where the vendor says neither', async () => {
    const [body] = bodiesOf(await convert([{ message: { content: 'a' } }, { done: true }]));
    expect(body?.model).toBe('model');
    expect(Math.abs(body!.created - Date.now() / 1000)).toBeLessThan(10);
  });

  it('tells thinking apart, also on the line where text begins', async () => {
    const lines = [line({ thinking: 'Hm' }), line({ thinking: '.', content: 'A' }), lastLine()];
    const deltas = bodiesOf(await convert(lines)).map(({ choices }) => choices[0]?.delta);
    expect(deltas).toEqual([
      { role: 'assistant', reasoning_content: 'Hm' },
      { reasoning_content: '.' },
      { content: 'A' },
      {},
    ]);
  });

  it('gives each call its own index and id, once, and stops for them', async () => {
    const call = (name: string, args: unknown) => ({ function: { name, arguments: args } });
    const lines = [
      line({ tool_calls: [call('a', { x: 1 }), call('b', {})] }),
      line({ tool_calls: [call('c', '{"y":2}'), { id: 'call_d', ...call('d', '') }] }),
      line({ tool_calls: [call('e', undefined), 'nonsense', {}] }),
      lastLine(),
    ];
    const bodies = bodiesOf(await convert(lines));
    const calls = bodies.flatMap(({ choices }) => choices[0]?.delta.tool_calls ?? []);
    expect(
      calls.map(({ index, type, function: f }) => [index, type, f?.name, f?.arguments]),
    ).toEqual([
      [0, 'function', 'a', '{"x":1}'],
      [1, 'function', 'b', '{}'],
      [2, 'function', 'c', '{"y":2}'],
      [3, 'function', 'd', '{}'],
      [4, 'function', 'e', '{}'],
    ]);
    expect(new Set(calls.map(({ id }) => id)).size).toBe(5);
    expect(calls[3]?.id).toBe('call_d');
    expect(bodies.at(-1)?.choices[0]?.finish_reason).toBe('tool_calls');
    expect(bodies.filter(({ choices }) => choices[0]?.finish_reason)).toHaveLength(1);
  });

  it('keeps every digit of an argument', async () => {
    const text = '{"id":12345678901234567890}';
    const record = `{"message":{"tool_calls":[{"function":{"name":"f","arguments":${text}}}]},"done":false}`;
    const [body] = bodiesOf(await convert([record, lastLine()]));
    expect(body?.choices[0]?.delta.tool_calls?.[0]?.function?.arguments).toBe(text);
  });

  it.each([
    ['length', 'length'],
    ['load', 'stop'],
    ['unload', 'stop'],
    [undefined, 'stop'],
    ['something new', 'stop'],
  ])('stops for %s as %s', async (done_reason, expected) => {
    const bodies = bodiesOf(await convert([lastLine({}, { done_reason })]));
    expect(bodies.map(({ choices }) => choices[0]?.finish_reason)).toEqual([expected]);
  });

  it('takes text on the last line', async () => {
    const bodies = bodiesOf(await convert([lastLine({ content: 'all' })]));
    expect(bodies.map(({ choices }) => choices[0]?.delta.content)).toEqual(['all', undefined]);
  });

  it('tells log probabilities as OpenAI does', async () => {
    const logprobs = [
      { token: 'é', logprob: -0.5, top_logprobs: [{ token: 'e', logprob: -1, bytes: [101] }] },
    ];
    const [body] = bodiesOf(await convert([line({ content: 'é' }, { logprobs }), lastLine()]));
    expect(body?.choices[0]?.logprobs).toEqual({
      content: [
        {
          token: 'é',
          logprob: -0.5,
          bytes: [0xc3, 0xa9],
          top_logprobs: [{ token: 'e', logprob: -1, bytes: [101] }],
        },
      ],
      refusal: null,
    });
  });

  it('sends the counts to those who ask, and to the proxy always', async () => {
    const lines = [line({ content: 'a' }), lastLine()];
    const asked = await convert(lines, true);
    expect(bodiesOf(asked).map(({ usage }) => usage)).toEqual([
      null,
      null,
      expect.objectContaining({ prompt_tokens: 26, completion_tokens: 282, total_tokens: 308 }),
    ]);
    expect(bodiesOf(asked).at(-1)?.choices).toEqual([]);
    const unasked = await convert(lines);
    expect(bodiesOf(unasked).every((body) => !('usage' in body))).toBe(true);
    expect(unasked.at(-1)).toMatchObject({ kind: 'usage', usage: { inputUncached: 26 } });
  });

  it.each([
    ['no end', [line({ content: 'a' })], 'invalid_response'],
    ['an error in its middle', [line({ content: 'a' }), { error: 'out of memory' }], 'failed'],
    ['no JSON', [line({ content: 'a' }), '{"message":'], 'invalid_response'],
    ['no object', ['[]'], 'invalid_response'],
    ['a line that is no answer', [{ status: 'pulling' }], 'invalid_response'],
  ])('fails a stream with %s', async (_name, lines, kind) => {
    await expect(convert(lines)).rejects.toMatchObject({ kind });
  });

  it('hides what an error says of keys and hosts', async () => {
    const error = convert([{ error: 'dial tcp 10.0.0.1:11434: refused, see http://gpu.internal' }]);
    await expect(error).rejects.toMatchObject({
      message: 'dial tcp [address]: refused, see [url]',
    });
  });

  it('does not wait for the connection to end, and lets it', async () => {
    vi.useFakeTimers();
    try {
      const closed = vi.fn();
      const open = new Observable<ServerSentEvent>((subscriber) => {
        for (const event of eventsOf([line({ content: 'a' }), lastLine(), line({ content: 'b' })]))
          subscriber.next(event);
        return closed;
      });
      const chunks = await lastValueFrom(
        convertOllamaStream(concat(open, NEVER), target, false).pipe(toArray()),
      );
      expect(chunks.at(-1)?.kind).toBe('usage');
      expect(closed).not.toHaveBeenCalled();
      vi.advanceTimersByTime(1000);
      expect(closed).toHaveBeenCalledTimes(1);
    } finally {
      vi.useRealTimers();
    }
  });

  it('hands on what failed below it', async () => {
    const failure = new ProviderError('timeout', 'too slow');
    const stream = concat(
      of(...eventsOf([line({ content: 'a' })])),
      throwError(() => failure),
    );
    await expect(lastValueFrom(convertOllamaStream(stream, target, false))).rejects.toBe(failure);
  });
});
