import { from, lastValueFrom, toArray } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { createInstance, createTarget } from '../../../test/support/provider-fixtures.js';
import type { ChatChunk } from '../chat/chat.js';
import { foldChunks } from '../contract/fold-answer.contract.js';
import { convertGeminiStream } from './convert-gemini-stream.js';
import { answer, ENVELOPE, USAGE } from './gemini-answers.contract.js';

const target = createTarget(createInstance('https://vendor.example'));

function convert(records: readonly object[], wantsUsage = false) {
  const events = from(records.map((record) => ({ data: JSON.stringify(record) })));
  return lastValueFrom(convertGeminiStream(events, target, wantsUsage).pipe(toArray()));
}

function choicesIn(chunks: readonly ChatChunk[]) {
  return chunks.flatMap((chunk) => (chunk.kind === 'delta' ? chunk.body.value.choices : []));
}

describe(convertGeminiStream, () => {
  it('sums nothing: the last counts are those of the whole', async () => {
    const counts = (candidatesTokenCount: number) => ({
      usageMetadata: { ...USAGE, candidatesTokenCount, totalTokenCount: 22 + candidatesTokenCount },
    });
    const chunks = await convert([
      answer([{ text: 'a' }], counts(1)),
      answer([{ text: 'b' }], counts(5)),
      answer([], { finishReason: 'STOP', ...counts(7) }),
      { usageMetadata: { trafficType: 'ON_DEMAND' }, ...ENVELOPE },
    ]);
    expect(foldChunks(chunks).usage).toMatchObject({ inputUncached: 20, outputText: 7 });
  });

  it('tells usage to those who asked, after the finish', async () => {
    const chunks = await convert([answer([{ text: 'a' }], { finishReason: 'STOP' })], true);
    expect(chunks.map((chunk) => (chunk.kind === 'usage' ? 'count' : chunk.usage))).toEqual([
      'none',
      'none',
      'only',
      'count',
    ]);
    expect(choicesIn(chunks).map(({ finish_reason }) => finish_reason)).toEqual([null, 'stop']);
  });

  it('numbers parallel calls, wherever they come, and finishes once', async () => {
    const call = (name: string, thoughtSignature?: string) => ({
      functionCall: { name, args: { n: name } },
      ...(thoughtSignature && { thoughtSignature }),
    });
    const choices = choicesIn(
      await convert([
        answer([call('a', 'sig'), call('b')]),
        answer([call('c')], { finishReason: 'STOP' }),
        answer([{ text: '' }], { finishReason: 'STOP' }),
      ]),
    );
    const calls = choices.flatMap(({ delta }) => delta.tool_calls ?? []);
    expect(calls.map(({ index, function: called }) => [index, called?.name])).toEqual([
      [0, 'a'],
      [1, 'b'],
      [2, 'c'],
    ]);
    expect(new Set(calls.map(({ id }) => id)).size).toBe(3);
    expect(calls[0]).toMatchObject({ extra_content: { google: { thought_signature: 'sig' } } });
    expect(calls[1]).not.toHaveProperty('extra_content');
    expect(choices.filter(({ delta }) => delta.role)).toHaveLength(1);
    expect(choices.flatMap(({ finish_reason }) => finish_reason ?? [])).toEqual(['tool_calls']);
  });

  it('joins arguments that come in pieces, also when their end is missing', async () => {
    const piece = (functionCall: object) => answer([{ functionCall }]);
    const text = (stringValue: string, willContinue = true) =>
      piece({
        partialArgs: [{ jsonPath: '$.city', stringValue, ...(willContinue && { willContinue }) }],
        willContinue: true,
      });
    const chunks = await convert([
      piece({ name: 'weather', willContinue: true }),
      text('Ber'),
      text('lin'),
      text('', false),
      piece({}),
      piece({ name: 'weather', willContinue: true }),
      text('Rome'),
      piece({ name: 'time', args: {} }),
      piece({ name: 'weather', willContinue: true }),
      piece({ partialArgs: [{ jsonPath: '$.days[0]', numberValue: 3 }] }),
      piece({ name: 'date', willContinue: true }),
      answer([{ text: '' }], { finishReason: 'STOP' }),
    ]);
    expect(foldChunks(chunks)).toMatchObject({
      finishReason: 'tool_calls',
      toolCalls: [
        { name: 'weather', arguments: { city: 'Berlin' } },
        { name: 'weather', arguments: { city: 'Rome' } },
        { name: 'time', arguments: {} },
        { name: 'weather', arguments: { days: [3] } },
        { name: 'date', arguments: {} },
      ],
    });
  });

  it('keeps choices apart', async () => {
    const chunks = await convert([
      answer([{ text: 'a' }]),
      answer([{ text: 'b' }], { index: 1 }),
      answer([{ text: 'c' }], { finishReason: 'STOP' }),
      answer([], { index: 1, finishReason: 'MAX_TOKENS' }),
    ]);
    const choices = choicesIn(chunks);
    const textOf = (wanted: number) =>
      choices.map(({ index, delta }) => (index === wanted ? (delta.content ?? '') : '')).join('');
    expect([textOf(0), textOf(1)]).toEqual(['ac', 'b']);
    expect(choices.flatMap(({ index, finish_reason: why }) => (why ? [[index, why]] : []))).toEqual(
      [
        [0, 'stop'],
        [1, 'length'],
      ],
    );
  });

  it('gives whatever strict clients join an index', async () => {
    const groundingMetadata = {
      webSearchQueries: ['q'],
      groundingChunks: [{ web: { uri: 'https://a.example', title: 'A' } }],
    };
    const inlineData = { mimeType: 'image/png', data: 'AAAA' };
    const chunks = await convert([
      answer([{ text: 'Hi', thoughtSignature: 'one' }, { inlineData }]),
      answer([{ text: '', thoughtSignature: 'two' }, { inlineData }], {
        finishReason: 'STOP',
        groundingMetadata,
      }),
    ]);
    const listed = (name: string) =>
      choicesIn(chunks).flatMap(({ delta }) => (delta[name] ?? []) as Array<{ index: number }>);
    expect(listed('reasoning_details')).toMatchObject([
      { index: 0, data: 'one' },
      { index: 1, data: 'two' },
    ]);
    expect(listed('images').map(({ index }) => index)).toEqual([0, 1]);
    expect(listed('annotations')).toMatchObject([
      { index: 0, url_citation: { start_index: 0, end_index: 2, url: 'https://a.example' } },
    ]);
    expect(foldChunks(chunks).usage).toMatchObject({ webSearches: 1 });
  });

  it('streams probabilities', async () => {
    const logprobsResult = { chosenCandidates: [{ token: 'a', logProbability: -1 }] };
    const chunks = await convert([
      answer([{ text: 'a' }], { finishReason: 'STOP', logprobsResult }),
    ]);
    expect(choicesIn(chunks).map(({ logprobs }) => logprobs)).toContainEqual(
      expect.objectContaining({ content: [expect.objectContaining({ token: 'a', logprob: -1 })] }),
    );
    expect(foldChunks(chunks).text).toBe('a');
  });

  it('ends a blocked prompt as filtered', async () => {
    const usageMetadata = { promptTokenCount: 12, totalTokenCount: 12 };
    const promptFeedback = { blockReason: 'SAFETY' };
    const chunks = await convert([{ promptFeedback, usageMetadata, ...ENVELOPE }]);
    expect(foldChunks(chunks)).toMatchObject({
      text: '',
      finishReason: 'content_filter',
      usage: { inputUncached: 12 },
    });
  });

  it('says nothing but its counts before it fails for want of an answer', async () => {
    const seen: ChatChunk[] = [];
    const events = from([
      { data: JSON.stringify(answer([], { finishReason: 'MALFORMED_FUNCTION_CALL' })) },
    ]);
    const error: unknown = await new Promise((resolve) => {
      convertGeminiStream(events, target, true).subscribe({
        next: (chunk) => seen.push(chunk),
        error: resolve,
      });
    });
    expect(error).toMatchObject({
      kind: 'invalid_response',
      message: 'The model stopped without an answer: MALFORMED_FUNCTION_CALL',
    });
    expect(seen.map(({ kind }) => kind)).toEqual(['usage']);
  });

  it.each([
    ['nothing', []],
    ['counts only', [{ usageMetadata: USAGE, ...ENVELOPE }]],
    [
      'one of two choices',
      [answer([{ text: 'a' }], { finishReason: 'STOP' }), answer([{ text: 'b' }], { index: 1 })],
    ],
  ])('refuses a stream of %s', async (_name, records) => {
    await expect(convert(records)).rejects.toMatchObject({ kind: 'invalid_response' });
  });
});
