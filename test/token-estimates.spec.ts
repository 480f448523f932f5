import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { estimateTokens } from '../src/usage/estimate-tokens.js';
import { countTokensInSlices } from '../src/usage/estimation/token-worker.js';
import { FaultUpstream } from './support/fault-upstream.js';
import { TestApp } from './support/test-app.js';
import { chunk, completion, textChunk } from './support/vendor-answers.js';

const WORDS = 'Sieben Schiffe verließen den Hafen, bevor jemand 船员 gezählt hatte: 1,234,567. ';
const PROMPT = WORDS.repeat(30);

let upstream: FaultUpstream;
let app: TestApp;

beforeAll(async () => {
  upstream = await FaultUpstream.start();
  const vendor = { type: 'openai-compatible', baseUrl: upstream.url };
  app = await TestApp.start({
    yaml: JSON.stringify({
      providers: [{ ...vendor, name: 'mute', breaker: { enabled: false } }],
      prices: [{ model: 'mute/model', input: 1, output: 2 }],
    }),
  });
});

afterAll(async () => {
  await app.close();
  await upstream.close();
});

async function rowOf(body: object) {
  const answer = await app.chat({ model: 'mute/model', ...body });
  expect(answer.status).toBe(200);
  await answer.text();
  return (await app.rows()).at(-1)!;
}

const ask = (stream: boolean, content: string = PROMPT) =>
  rowOf({ stream, messages: [{ role: 'user', content }] });

/** A text as the chunks of a stream, so many characters each. */
const pieces = (text: string, size: number): object[] =>
  Array.from({ length: Math.ceil(text.length / size) }, (_, index) =>
    textChunk(text.slice(index * size, (index + 1) * size)),
  );

const stop = chunk({}, { finish_reason: 'stop' });

describe('an answer that its vendor did not count', () => {
  it('has the tokens of its text and of its prompt, whole', async () => {
    upstream.next({ body: completion(WORDS) });
    const input = countTokensInSlices(PROMPT);
    const output = countTokensInSlices(WORDS);
    expect(await ask(false)).toMatchObject({
      input_tokens: input,
      output_tokens: output,
      cost_nano_usd: input * 1000 + output * 2000,
      estimated: true,
    });
  });

  it.each([1, 5, 80])('has them streamed, in chunks of %i characters', async (size) => {
    const text = WORDS.slice(0, 60);
    upstream.next({ events: [...pieces(text, size), stop], done: true });
    expect(await ask(true)).toMatchObject({
      input_tokens: countTokensInSlices(PROMPT),
      output_tokens: countTokensInSlices(text),
      estimated: true,
    });
  });

  it('goes by its beginning when it is long', async () => {
    const text = WORDS.repeat(40);
    upstream.next({ events: [...pieces(text, 4), stop], done: true });
    const { output_tokens: tokens } = await ask(true);
    const counted = countTokensInSlices(text);
    expect(tokens).toBeGreaterThan(counted * 0.9);
    expect(tokens).toBeLessThan(counted * 1.1);
  });

  it('counts tools and their calls, and pictures as it did', async () => {
    const tool = { type: 'function', function: { name: 'look', parameters: { type: 'object' } } };
    const image = { type: 'image_url', image_url: { url: 'https://example.com/a.png' } };
    const content = [{ type: 'text', text: WORDS }, image];
    // An image goes for this many characters; the brackets of the list are text of no tool.
    const rest = estimateTokens(3060 + '[]'.length);
    upstream.next({ body: completion(WORDS) });
    expect(await rowOf({ messages: [{ role: 'user', content }], tools: [tool] })).toMatchObject({
      input_tokens: countTokensInSlices(WORDS) + countTokensInSlices(JSON.stringify(tool)) + rest,
    });
  });

  it('may be 64 kB of one character, while others are served', async () => {
    const text = 'a'.repeat(65_536);
    upstream.always({ body: completion(text) });
    const asked = { isDone: false };
    const row = ask(false, text).then((found) => {
      asked.isDone = true;
      return found;
    });
    let served = 0;
    while (!asked.isDone) {
      expect((await fetch(`${app.url}/health/live`)).status).toBe(200);
      served += 1;
    }
    expect(served).toBeGreaterThan(0);
    const tokens = countTokensInSlices(text);
    expect(await row).toMatchObject({ input_tokens: tokens, output_tokens: tokens });
  });
});

it('goes by characters where no tokenizer is wanted', async () => {
  const plain = await TestApp.start({
    env: { LEDGER_ESTIMATE_TIMEOUT_MS: '0' },
    yaml: JSON.stringify({
      providers: [{ name: 'mute', type: 'openai-compatible', baseUrl: upstream.url }],
    }),
  });
  try {
    upstream.always({ body: completion('x'.repeat(40)) });
    const messages = [{ role: 'user', content: 'y'.repeat(80) }];
    await (await plain.chat({ model: 'mute/model', messages })).text();
    expect((await plain.rows()).at(-1)).toMatchObject({
      input_tokens: 20,
      output_tokens: 10,
      estimated: true,
    });
  } finally {
    await plain.close();
  }
});
