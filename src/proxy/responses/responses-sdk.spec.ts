import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createOpenAI } from '@ai-sdk/openai';
import OpenAI, { APIError } from 'openai';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ApiError } from '../../common/errors/api-error.js';
import type { ChatDelta } from '../../providers/chat/chat.js';
import { ChatChunkWriter } from '../../providers/chat/chat-chunk-writer.js';
import { NO_USAGE } from '../../providers/contract/token-usage.js';
import { convertToResponsesResponse } from './convert-to-responses-response.js';
import type { AnswerContext } from './response-envelope.js';
import { ResponsesStream, type ResponsesFrame } from './responses-stream.js';
import { ToolNames } from './tool-names.js';

const USAGE = { ...NO_USAGE, inputUncached: 9, cacheRead: 3, outputText: 4, outputReasoning: 2 };

const tools = new ToolNames();
tools.add({ kind: 'function', name: 'weather' });
tools.add({ kind: 'custom', name: 'note' });

const CONTEXT: AnswerContext = {
  id: 'resp_abc',
  createdAt: 1_700_000_000,
  request: { model: 'alias', input: 'Hello', include: ['reasoning.encrypted_content'] },
  tools,
  isStored: false,
};

function rich(w: ChatChunkWriter): ChatDelta[] {
  return [
    w.start(),
    w.reasoning('Let me '),
    w.reasoning('see'),
    w.delta({
      annotations: [
        {
          type: 'url_citation',
          url_citation: { url: 'https://a.example', title: 'A', start_index: 0, end_index: 2 },
        },
      ],
    }),
    w.text('I '),
    w.text('look.'),
    w.toolCall({ index: 0, id: 'call_a', name: 'weather' }),
    w.toolArguments(0, '{"city":'),
    w.toolCall({ index: 1, id: 'call_b', name: 'note' }),
    w.toolArguments(1, '{"input":"a \\"b\\""}'),
    w.toolArguments(0, '"Rome"}'),
    w.finish('tool_calls'),
  ];
}

function framesOf(deltas: (writer: ChatChunkWriter) => ChatDelta[], error?: ApiError) {
  const stream = new ResponsesStream(CONTEXT);
  const writer = new ChatChunkWriter({ id: 'c', created: 1, model: 'vendor-model' }, false);
  const frames = deltas(writer).flatMap((delta) => stream.delta(delta));
  const last = error ? stream.fail(error) : stream.complete({ usage: USAGE, costNanoUsd: null });
  return [...frames, ...last];
}

async function collect<T>(stream: AsyncIterable<T>): Promise<T[]> {
  const values: T[] = [];
  for await (const value of stream) values.push(value);
  return values;
}

/** What the server answers next: frames as a stream, anything else as JSON. */
let answer: ResponsesFrame[] | object;
let server: Server;
let baseURL: string;
let client: OpenAI;

beforeAll(async () => {
  server = createServer((_, response) => {
    if (!Array.isArray(answer)) {
      response.setHeader('content-type', 'application/json').end(JSON.stringify(answer));
      return;
    }
    response.setHeader('content-type', 'text/event-stream; charset=utf-8');
    for (const { event, data } of answer as ResponsesFrame[]) {
      response.write(`event: ${event}\ndata: ${data}\n\n`);
    }
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  baseURL = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
  client = new OpenAI({ apiKey: 'key', baseURL, maxRetries: 0 });
});
beforeEach(() => (answer = framesOf(rich)));
afterAll(() => server.close());

describe('the openai SDK reads what is written here', () => {
  it('event by event', async () => {
    const events = await collect(
      await client.responses.create({ model: 'm', input: 'Hello', stream: true }),
    );
    expect(events.map(({ type }) => type)).toEqual(
      (answer as ResponsesFrame[]).map(({ event }) => event),
    );
    const last = events.at(-1);
    expect(last?.type === 'response.completed' && last.response.usage).toMatchObject({
      input_tokens: 12,
      output_tokens: 6,
      total_tokens: 18,
    });
  });

  it('with its stream helper, which joins the deltas itself', async () => {
    const stream = client.responses.stream({ model: 'm', input: 'Hello' });
    const texts: string[] = [];
    stream.on('response.output_text.delta', ({ snapshot }) => texts.push(snapshot));
    const final = await stream.finalResponse();
    expect(texts).toEqual(['I ', 'I look.']);
    expect(final.output_text).toBe('I look.');
    expect(final.output).toMatchObject([
      { type: 'reasoning', summary: [{ text: 'Let me see' }] },
      { type: 'message', content: [{ annotations: [{ url: 'https://a.example' }] }] },
      { type: 'function_call', call_id: 'call_a', name: 'weather', arguments: '{"city":"Rome"}' },
      { type: 'custom_tool_call', call_id: 'call_b', name: 'note', input: 'a "b"' },
    ]);
  });

  it('as incomplete', async () => {
    answer = framesOf((w) => [w.refusal('No'), w.finish('content_filter')]);
    const final = await client.responses.stream({ model: 'm', input: 'Hello' }).finalResponse();
    expect(final).toMatchObject({
      status: 'incomplete',
      incomplete_details: { reason: 'content_filter' },
    });
  });

  it('as an error that it throws', async () => {
    const broken = new ApiError('rate_limit_exceeded', 'Try again in 2 s.');
    answer = framesOf((w) => [w.text('Hel')], broken);
    const reading = client.responses.stream({ model: 'm', input: 'Hello' }).finalResponse();
    const error: unknown = await reading.catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(APIError);
    expect(error).toMatchObject({ code: 'rate_limit_exceeded', type: 'rate_limit_error' });
  });

  it('as one body', async () => {
    const message = {
      role: 'assistant' as const,
      content: '{"city":"Rome"}',
      refusal: null,
    };
    answer = convertToResponsesResponse(
      {
        id: 'c',
        object: 'chat.completion',
        created: 1,
        model: 'vendor-model',
        choices: [{ index: 0, message, logprobs: null, finish_reason: 'stop' }],
      },
      CONTEXT,
      { usage: USAGE },
    );
    const response = await client.responses.parse({ model: 'm', input: 'Hello' });
    expect(response.output_text).toBe('{"city":"Rome"}');
    expect(response.usage?.total_tokens).toBe(18);
  });
});

describe("the AI SDK's own reader", () => {
  const prompt = [{ role: 'user' as const, content: [{ type: 'text' as const, text: 'Hello' }] }];
  const model = () => createOpenAI({ apiKey: 'key', baseURL }).responses('m');

  async function read() {
    const { stream } = await model().doStream({ prompt });
    return collect(stream);
  }

  it('reads text, reasoning and calls', async () => {
    const parts = await read();
    expect(parts.filter(({ type }) => type === 'error')).toEqual([]);
    const joined = (type: string): string =>
      parts.map((part) => (part.type === type && 'delta' in part ? part.delta : '')).join('');
    expect(joined('text-delta')).toBe('I look.');
    expect(joined('reasoning-delta')).toBe('Let me see');
    expect(parts.filter(({ type }) => type === 'tool-call')).toMatchObject([
      { toolCallId: 'call_a', toolName: 'weather', input: '{"city":"Rome"}' },
      { toolCallId: 'call_b', toolName: 'note' },
    ]);
    expect(parts.filter(({ type }) => type === 'source')).toMatchObject([
      { url: 'https://a.example' },
    ]);
    expect(parts.at(-1)).toMatchObject({
      type: 'finish',
      usage: { inputTokens: { total: 12, cacheRead: 3 }, outputTokens: { total: 6, reasoning: 2 } },
    });
  });

  it('reads a failure as an error', async () => {
    answer = framesOf((w) => [w.text('Hel')], new ApiError('upstream_error', 'It broke.'));
    const parts = await read();
    expect(parts.filter(({ type }) => type === 'error')).not.toEqual([]);
    expect(parts.at(-1)).toMatchObject({ type: 'finish', finishReason: { unified: 'error' } });
  });

  it('reads one body', async () => {
    const frames = framesOf(rich);
    const last = JSON.parse(frames.at(-1)?.data ?? '') as { response: object };
    answer = last.response;
    const { content } = await model().doGenerate({ prompt });
    expect(content.map(({ type }) => type)).toEqual([
      'reasoning',
      'text',
      'source',
      'tool-call',
      'tool-call',
    ]);
  });
});
