import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ApiError } from '../../common/errors/api-error.js';
import { JsonDocument } from '../../common/json/json-document.js';
import type { ChatCompletionChunk, ChatToolCallDelta } from '../../providers/chat/chat-api.js';
import { checkGrammar } from './responses-grammar.contract.js';
import { ResponsesStream } from './responses-stream.js';
import { ToolNames } from './tool-names.js';

type Choice = ChatCompletionChunk['choices'][number];

function newStream(): ResponsesStream {
  const tools = new ToolNames();
  tools.add({ kind: 'custom', name: 'custom' });
  const request = { model: 'alias', input: 'Hello' };
  return new ResponsesStream({ id: 'resp_abc', createdAt: 1, request, tools, isStored: false });
}

function feed(stream: ResponsesStream, choices: Choice[]) {
  const body = JsonDocument.fromValue<ChatCompletionChunk>({
    id: 'chatcmpl-1',
    object: 'chat.completion.chunk',
    created: 1,
    model: 'vendor-model',
    choices,
  });
  return stream.delta({ kind: 'delta', body, usage: 'none', characters: 0 });
}

const detail = fc.record({
  type: fc.constantFrom('reasoning.encrypted', 'reasoning.text'),
  data: fc.string(),
  text: fc.string(),
  format: fc.constant('anthropic-claude-v1'),
  index: fc.nat(2),
});

const call: fc.Arbitrary<ChatToolCallDelta> = fc.record({
  index: fc.nat(3),
  id: fc.constantFrom('call_a', 'call_b'),
  type: fc.constant('function'),
  function: fc.record({
    name: fc.constantFrom('f', 'custom'),
    arguments: fc.constantFrom('', '{', '}', '{}', '{"a":', '1', ' ', '"input":"x"'),
  }),
  extra_content: fc.option(fc.constant({ google: {} }), { nil: undefined }),
});

const delta = fc.record(
  {
    role: fc.constant('assistant' as const),
    content: fc.option(fc.string({ maxLength: 4 })),
    refusal: fc.option(fc.string({ maxLength: 4 })),
    reasoning_content: fc.option(fc.string({ maxLength: 4 })),
    reasoning_details: fc.array(detail, { maxLength: 2 }),
    annotations: fc.constant([
      { type: 'url_citation', url_citation: { url: 'https://a.example' } },
    ]),
    images: fc.constant([{ image_url: { url: 'data:image/png;base64,AAAA' } }]),
    tool_calls: fc.array(call, { maxLength: 3 }),
  },
  { requiredKeys: [] },
);

const choice: fc.Arbitrary<Choice> = fc.record({
  index: fc.constantFrom(0, 0, 0, 1),
  delta,
  finish_reason: fc.constantFrom(null, null, 'stop', 'length', 'tool_calls'),
});

/** The arguments of several calls, each cut into pieces, and the order in which they arrive. */
const calls = fc
  .array(fc.dictionary(fc.string(), fc.jsonValue()), { minLength: 1, maxLength: 4 })
  .chain((values) => {
    const texts = values.map((value) => JSON.stringify(value));
    const cuts = fc.tuple(...texts.map((text) => fc.array(fc.nat(text.length), { maxLength: 4 })));
    return fc.tuple(fc.constant(texts), cuts, fc.infiniteStream(fc.nat(3)));
  });

function cut(text: string, at: readonly number[]): string[] {
  const sorted = [...at].sort((a, b) => a - b);
  return [0, ...sorted].map((start, index) => text.slice(start, sorted[index]));
}

describe(`${ResponsesStream.name}, whatever it is fed`, () => {
  it('keeps to the grammar and loses no text', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(choice, { maxLength: 2 }), { maxLength: 12 }),
        fc.boolean(),
        (chunks, fails) => {
          const stream = newStream();
          const frames = chunks.flatMap((choices) => feed(stream, choices));
          const error = new ApiError('upstream_error', 'It broke.');
          frames.push(...(fails ? stream.fail(error) : stream.complete({})));
          const { output } = checkGrammar(frames);
          if (fails) return;
          const said = chunks.flat().filter(({ index }) => index === 0);
          const parts = output.flatMap((item) => item.content ?? []);
          const summaries = output.flatMap((item) => item.summary ?? []);
          const told = (member: string): string =>
            parts.map((part) => (part[member] as string | undefined) ?? '').join('');
          expect(told('text')).toBe(said.map((one) => one.delta.content ?? '').join(''));
          expect(told('refusal')).toBe(said.map((one) => one.delta.refusal ?? '').join(''));
          expect(summaries.map(({ text }) => text).join('')).toBe(
            said.map((one) => one.delta.reasoning_content ?? '').join(''),
          );
        },
      ),
      { numRuns: 300 },
    );
  });

  it('puts calls together that arrive by turns', () => {
    fc.assert(
      fc.property(calls, ([texts, cuts, order]) => {
        const stream = newStream();
        const begin = texts.map((_, index): ChatToolCallDelta => ({
          index,
          id: `call_${index}`,
          type: 'function',
          function: { name: `f${index}`, arguments: '' },
        }));
        const pieces = texts.map((text, index) => cut(text, cuts[index] ?? []));
        const queue = begin.map((one) => [one]);
        for (const [index, own] of pieces.entries()) {
          for (const text of own) queue[index]?.push({ index, function: { arguments: text } });
        }
        const frames = [];
        let open = queue.filter((own) => own.length > 0);
        while (open.length > 0) {
          const next = open[(order.next().value as number) % open.length]?.shift();
          if (next) {
            frames.push(
              ...feed(stream, [{ index: 0, delta: { tool_calls: [next] }, finish_reason: null }]),
            );
          }
          open = open.filter((own) => own.length > 0);
        }
        frames.push(...stream.complete({}));
        const told = checkGrammar(frames).output.map((item) => [item.name, item.arguments]);
        expect(new Map(told as [string, string][])).toEqual(
          new Map(texts.map((text, index) => [`f${index}`, text])),
        );
      }),
      { numRuns: 200 },
    );
  });
});
