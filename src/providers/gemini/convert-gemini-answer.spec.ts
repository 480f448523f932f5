import { describe, expect, it } from 'vitest';
import { createInstance, createTarget } from '../../../test/support/provider-fixtures.js';
import { convertGeminiAnswer } from './convert-gemini-answer.js';
import { answer, ENVELOPE, USAGE } from './gemini-answers.contract.js';

const target = createTarget(createInstance('https://vendor.example'), { model: 'gemini-test' });

function convert(body: object | string) {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const response = convertGeminiAnswer({ status: 200, headers: {}, text }, target);
  return { ...response, ...response.body.value };
}

describe(convertGeminiAnswer, () => {
  it('is a completion of its own', () => {
    const { id, created, model, usage, upstreamRequestId, characters } = convert({
      ...answer([{ text: 'Hi' }], { finishReason: 'STOP' }),
      createTime: '2026-01-01T00:00:00.5Z',
    });
    expect({ id, created, model, upstreamRequestId, characters }).toEqual({
      id: 'chatcmpl-response-1',
      created: 1_767_225_600,
      model: 'gemini-3-test',
      upstreamRequestId: 'response-1',
      characters: 2,
    });
    expect(usage).toEqual({
      prompt_tokens: 20,
      completion_tokens: 9,
      total_tokens: 29,
      prompt_tokens_details: { cached_tokens: 0 },
      completion_tokens_details: { reasoning_tokens: 2 },
    });
  });

  it('fills in what the vendor left out', () => {
    const { id, created, model } = convert({
      candidates: [{ content: { parts: [{ text: 'Hi' }] }, finishReason: 'STOP' }],
    });
    expect(id).toMatch(/^chatcmpl-\S{20,}$/);
    expect(created).toBeGreaterThan(1_700_000_000);
    expect(created).toBeLessThan(10_000_000_000);
    expect(model).toBe('gemini-test');
  });

  it('tells thoughts, signatures, texts and images apart', () => {
    const { choices } = convert(
      answer(
        [
          { text: 'They greet.', thought: true },
          { text: 'Hello', thoughtSignature: 'sig' },
          { inlineData: { mimeType: 'image/png', data: 'AAAA' } },
          { inlineData: { mimeType: 'audio/L16', data: 'AAAA' } },
          { executableCode: { code: '1' } } as object,
        ],
        { finishReason: 'STOP' },
      ),
    );
    expect(choices).toEqual([
      {
        index: 0,
        logprobs: null,
        finish_reason: 'stop',
        message: {
          role: 'assistant',
          content: 'Hello',
          refusal: null,
          reasoning_content: 'They greet.',
          reasoning_details: [
            { type: 'reasoning.encrypted', data: 'sig', format: 'google-gemini-v1', index: 0 },
          ],
          images: [{ type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } }],
        },
      },
    ]);
  });

  it('gives every call an id of its own and its arguments as text', () => {
    const call = { functionCall: { name: 'time', args: {} } };
    const text = JSON.stringify(
      answer(
        [{ ...call, thoughtSignature: 'sig' }, call, { functionCall: { id: 'own', name: 'a' } }],
        {
          finishReason: 'STOP',
        },
      ),
    ).replace('"args":{}', '"args":{"z":12345678901234567890,"a":null}');
    const [choice] = convert(text).choices;
    const calls = choice!.message.tool_calls!;
    expect(choice).toMatchObject({ finish_reason: 'tool_calls', message: { content: null } });
    expect(calls.map((each) => each.function?.arguments)).toEqual([
      '{"z":12345678901234567890,"a":null}',
      '{}',
      '{}',
    ]);
    expect(calls[0]).toMatchObject({
      id: expect.stringMatching(/^call_\w{32}$/),
      type: 'function',
      extra_content: { google: { thought_signature: 'sig' } },
    });
    expect(calls[1]).not.toHaveProperty('extra_content');
    expect(calls[2]?.id).toBe('own');
    expect(new Set(calls.map(({ id }) => id)).size).toBe(3);
  });

  it('answers a blocked prompt, and bills it', () => {
    const { choices, usage } = convert({
      promptFeedback: { blockReason: 'PROHIBITED_CONTENT' },
      usageMetadata: { promptTokenCount: 12, totalTokenCount: 12 },
      ...ENVELOPE,
    });
    expect(choices).toMatchObject([
      { index: 0, finish_reason: 'content_filter', message: { content: '' } },
    ]);
    expect(usage).toMatchObject({ prompt_tokens: 12, completion_tokens: 0 });
  });

  it('answers as often as it was asked to', () => {
    const candidate = (text: string) => ({ content: { parts: [{ text }] }, finishReason: 'STOP' });
    const { choices } = convert({ candidates: [candidate('a'), candidate('b')], ...ENVELOPE });
    expect(choices.map(({ index, message }) => [index, message.content])).toEqual([
      [0, 'a'],
      [1, 'b'],
    ]);
  });

  it('tells probabilities as OpenAI does', () => {
    const logprobsResult = {
      chosenCandidates: [{ token: 'é', tokenId: 1, logProbability: -0.5 }],
      topCandidates: [{ candidates: [{ token: 'e', logProbability: -1 }] }],
    };
    const { choices } = convert(answer([{ text: 'é' }], { finishReason: 'STOP', logprobsResult }));
    expect(choices[0]?.logprobs).toEqual({
      content: [
        {
          token: 'é',
          logprob: -0.5,
          bytes: [195, 169],
          top_logprobs: [{ token: 'e', logprob: -1, bytes: [101] }],
        },
      ],
      refusal: null,
    });
  });

  it('cites its sources by characters, and counts the searches', () => {
    const text = 'Größe 1, Größe 2';
    const groundingMetadata = {
      webSearchQueries: ['a', 'b'],
      groundingChunks: [
        { web: { uri: 'https://a.example', title: 'A' } },
        { web: { uri: 'https://b.example' } },
      ],
      groundingSupports: [
        { segment: { endIndex: 9, text: 'Größe 1' }, groundingChunkIndices: [0, 7] },
        { segment: { startIndex: 11, endIndex: 20 }, groundingChunkIndices: [1] },
      ],
    };
    const { choices, usage, ...response } = convert(
      answer([{ text }], { finishReason: 'STOP', groundingMetadata }),
    );
    const citations = choices[0]?.message['annotations'] as Array<{
      url_citation: { start_index: number; end_index: number; url: string; title: string };
    }>;
    const cited = citations.map(({ url_citation: { start_index, end_index, ...rest } }) => ({
      ...rest,
      words: text.slice(start_index, end_index),
    }));
    expect(cited).toEqual([
      { url: 'https://a.example', title: 'A', words: 'Größe 1' },
      { url: 'https://b.example', title: '', words: 'Größe 2' },
    ]);
    expect(usage).toBeDefined();
    expect(response.body.value.usage).toBeDefined();
  });

  it('cites sources that support nothing in particular as support of all', () => {
    const groundingMetadata = { groundingChunks: [{ web: { uri: 'https://a.example' } }] };
    const citationMetadata = { citationSources: [{ endIndex: 2, uri: 'https://c.example' }] };
    const { choices } = convert(
      answer([{ text: 'Hello' }], { finishReason: 'STOP', groundingMetadata, citationMetadata }),
    );
    expect(choices[0]?.message['annotations']).toMatchObject([
      { url_citation: { start_index: 0, end_index: 5, url: 'https://a.example' } },
      { url_citation: { start_index: 0, end_index: 2, url: 'https://c.example' } },
    ]);
  });

  it('keeps what was said before a malformed call', () => {
    const { choices } = convert(
      answer([{ text: 'Hm' }], { finishReason: 'MALFORMED_FUNCTION_CALL' }),
    );
    expect(choices).toMatchObject([{ finish_reason: 'stop', message: { content: 'Hm' } }]);
  });

  it.each([
    ['a malformed call and nothing else', answer([], { finishReason: 'MALFORMED_FUNCTION_CALL' })],
    ['no candidates', { usageMetadata: USAGE, ...ENVELOPE }],
    ['no candidates in a list', { candidates: [], ...ENVELOPE }],
    ['no object', '[]'],
  ])('fails retryably: %s', (_name, body) => {
    expect(() => convert(body)).toThrow(
      expect.objectContaining({ kind: 'invalid_response', retryable: true }),
    );
  });

  it('passes over nonsense', () => {
    const { choices } = convert({
      candidates: [
        null,
        { content: { parts: [null, 5, { text: 3 }, { text: 'Hi' }] }, finishReason: 'MAX_TOKENS' },
      ],
    });
    expect(choices).toMatchObject([{ finish_reason: 'length', message: { content: 'Hi' } }]);
  });
});
