import { createAnthropic } from '@ai-sdk/anthropic';
import { createOpenAI } from '@ai-sdk/openai';
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { generateText, isStepCount, streamText, tool, type LanguageModel } from 'ai';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { FaultUpstream } from './support/fault-upstream.js';
import {
  PLAYED_MODEL,
  PLAYED_VENDORS,
  playedConfiguration,
  playVendor,
} from './support/played-vendors.js';
import { TestApp } from './support/test-app.js';

/** What each of the played vendors answers in the end. */
const TEXT = 'Hello "wörld" 🙂';

let upstream: FaultUpstream;
let app: TestApp;

beforeAll(async () => {
  upstream = await FaultUpstream.start();
  upstream.always(playVendor);
  app = await TestApp.start({ yaml: playedConfiguration(upstream) });
});

afterAll(async () => {
  await app.close();
  await upstream.close();
});

/** The packages of the AI SDK, and the route of the client API that each of them calls. */
const PACKAGES: readonly [string, string, (model: string) => LanguageModel][] = [
  ['@ai-sdk/openai', 'chat', (model) => createOpenAI(openAi()).chat(model)],
  ['@ai-sdk/openai', 'responses', (model) => createOpenAI(openAi()).responses(model)],
  [
    '@ai-sdk/openai-compatible',
    'chat',
    (model) =>
      createOpenAICompatible({ ...openAi(), name: 'llm-proxy', includeUsage: true })(model),
  ],
  ['@ai-sdk/anthropic', 'messages', (model) => createAnthropic(openAi())(model)],
];

const openAi = () => ({ apiKey: app.adminKey, baseURL: `${app.url}/v1` });

const CASES = PACKAGES.flatMap(([name, dialect, modelOf]) =>
  // OpenAI is asked for responses in its own dialect, which `responses-native.spec.ts` plays.
  PLAYED_VENDORS.filter(({ type }) => dialect !== 'responses' || type !== 'openai').map(
    ({ type }) => ({ name, dialect, modelOf, type }),
  ),
);

describe.each(CASES)('$name by $dialect over $type', ({ dialect, modelOf, type }) => {
  const options = () => ({
    model: modelOf(`${type}/${PLAYED_MODEL}`),
    prompt: 'Weather and time?',
    maxRetries: 0,
    stopWhen: isStepCount(2),
    tools: {
      weather: tool({ inputSchema: z.object({ city: z.string() }), execute: () => 'sunny' }),
      time: tool({ inputSchema: z.object({}), execute: () => 'noon' }),
    },
  });

  it('calls tools over two turns, whole', async () => {
    const { text, steps } = await generateText(options());
    expect(steps.map(({ finishReason }) => finishReason)).toEqual(['tool-calls', 'stop']);
    expect(steps[0]?.toolResults.map(({ output }) => output)).toEqual(['sunny', 'noon']);
    expect(text).toBe(TEXT);
    await expectRows(dialect, type);
  });

  it('calls tools over two turns, streamed', async () => {
    const result = streamText({
      ...options(),
      onError: ({ error }) => expect.fail(String(error)),
    });
    const pieces: string[] = [];
    for await (const piece of result.textStream) pieces.push(piece);
    const steps = await result.steps;
    expect(steps.map(({ finishReason }) => finishReason)).toEqual(['tool-calls', 'stop']);
    expect(steps[0]?.toolCalls.map(({ toolName }) => toolName)).toEqual(['weather', 'time']);
    expect(pieces.join('')).toContain(steps[1]?.text);
    expect(steps[1]?.text).toBe(TEXT);
    await expectRows(dialect, type);
  });
});

/** Each turn is one row of the route and the vendor, with the vendor's own counts. */
async function expectRows(dialect: string, provider: string): Promise<void> {
  const rows = (await app.rows()).slice(-2);
  expect(rows).toMatchObject([
    { dialect, provider, status: 'ok', estimated: false, attempts: 1 },
    { dialect, provider, status: 'ok', estimated: false, attempts: 1 },
  ]);
  for (const { input_tokens: input, output_tokens: output } of rows) {
    expect(input).toBeGreaterThan(0);
    expect(output).toBeGreaterThan(0);
  }
}
