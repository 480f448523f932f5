import Anthropic from '@anthropic-ai/sdk';
import { createAnthropic } from '@ai-sdk/anthropic';
import { expect } from 'vitest';
import type { ContentBlock, StreamEvent } from './messages-answer-api.js';
import type { MessagesEvent } from './messages-stream.js';

/** What has to hold of every stream that was not broken off. */
export function expectGrammar(events: readonly MessagesEvent[]): void {
  const parsed = events.map(({ event, data }) => {
    const value = JSON.parse(data) as StreamEvent;
    expect(value.type).toBe(event);
    return value;
  });
  expect(parsed.map(({ type }) => type).filter((type) => type.startsWith('message_'))).toEqual([
    'message_start',
    'message_delta',
    'message_stop',
  ]);
  expect(parsed[0]!.type).toBe('message_start');
  expect(parsed.slice(-2).map(({ type }) => type)).toEqual(['message_delta', 'message_stop']);
  expectBlocks(parsed.slice(1, -2));
}

function expectBlocks(events: readonly StreamEvent[]): void {
  let index = 0;
  let open: ContentBlock | undefined;
  let signatures = 0;
  for (const event of events) {
    switch (event.type) {
      case 'content_block_start':
        expect(open).toBeUndefined();
        expect(event.index).toBe(index);
        open = event.content_block;
        signatures = 0;
        break;
      case 'content_block_delta':
        expect(event.index).toBe(index);
        expect(DELTAS[open!.type]).toContain(event.delta.type);
        if (event.delta.type === 'signature_delta') signatures += 1;
        // Nothing may follow what closes a block of thinking.
        else expect(signatures).toBe(0);
        break;
      case 'content_block_stop':
        expect(event.index).toBe(index);
        expect(signatures).toBe(open!.type === 'thinking' ? 1 : 0);
        open = undefined;
        index += 1;
        break;
      default:
        expect.unreachable(event.type);
    }
  }
  expect(open).toBeUndefined();
}

const DELTAS: Readonly<Record<string, readonly string[]>> = {
  text: ['text_delta'],
  thinking: ['thinking_delta', 'signature_delta'],
  tool_use: ['input_json_delta'],
  redacted_thinking: [],
};

const REQUEST = {
  model: 'm',
  max_tokens: 100,
  messages: [{ role: 'user' as const, content: 'Hello' }],
};

/** What Anthropic's own client makes of a stream. */
export function readWithAnthropicSdk(events: readonly MessagesEvent[]) {
  return anthropic(respondWith(events)).messages.stream(REQUEST).finalMessage();
}

/** What Anthropic's own client makes of a JSON answer, an error included. */
export function readJsonWithAnthropicSdk(status: number, body: unknown) {
  return anthropic(() => Promise.resolve(Response.json(body, { status }))).messages.create(REQUEST);
}

function anthropic(fetch: typeof globalThis.fetch) {
  return new Anthropic({ apiKey: 'none', baseURL: 'http://upstream.test', maxRetries: 0, fetch });
}

/** Of a prompt for the AI SDK's models. */
const PROMPT = [{ role: 'user' as const, content: [{ type: 'text' as const, text: 'Hello' }] }];

/** What the AI SDK makes of a stream: its parts, without those that carry nothing. */
export async function readWithAiSdk(events: readonly MessagesEvent[]) {
  const { stream } = await aiModel(respondWith(events)).doStream({ prompt: PROMPT });
  const parts = [];
  for await (const part of stream) parts.push(part);
  return parts;
}

export function readJsonWithAiSdk(body: unknown) {
  return aiModel(() => Promise.resolve(Response.json(body))).doGenerate({ prompt: PROMPT });
}

function aiModel(fetch: typeof globalThis.fetch) {
  return createAnthropic({ apiKey: 'none', baseURL: 'http://upstream.test/v1', fetch })('m');
}

function respondWith(events: readonly MessagesEvent[]): typeof globalThis.fetch {
  const text = events.map(({ event, data }) => `event: ${event}\ndata: ${data}\n\n`).join('');
  return () =>
    Promise.resolve(new Response(text, { headers: { 'content-type': 'text/event-stream' } }));
}
