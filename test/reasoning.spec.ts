import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ApiKeysService } from '../src/clients/api-keys.service.js';
import type { Provider } from '../src/providers/contract/provider.js';
import { OpenAiCompatibleProvider } from '../src/providers/openai-compatible/openai-compatible.provider.js';
import { FaultUpstream } from './support/fault-upstream.js';
import { TestApp } from './support/test-app.js';
import { chunk, completion, streamEvents, USAGE } from './support/vendor-answers.js';

const USER = { role: 'user', content: 'Weather in Rome and Oslo?' };
const THOUGHTS = 'Two cities, two calls.';
const EXTRA = { vendor: { signature: 'signed' } };
const toolCall = (city: string) => ({
  id: `call_${city}`,
  type: 'function',
  function: { name: 'weather', arguments: JSON.stringify({ city }) },
});
const ROME = toolCall('Rome');
const OSLO = toolCall('Oslo');
const RESULTS = [ROME, OSLO].map(({ id }) => ({
  role: 'tool',
  tool_call_id: id,
  content: 'sunny',
}));

const WHOLE = {
  ...completion('', USAGE),
  choices: [
    {
      index: 0,
      message: {
        role: 'assistant',
        content: null,
        reasoning_content: THOUGHTS,
        tool_calls: [{ ...ROME, extra_content: EXTRA }, OSLO],
      },
      finish_reason: 'tool_calls',
    },
  ],
};
const STREAM = [
  chunk({ role: 'assistant', content: null, reasoning_content: THOUGHTS.slice(0, 5) }),
  chunk({ reasoning_content: THOUGHTS.slice(5) }),
  chunk({ tool_calls: [{ index: 0, ...ROME, extra_content: EXTRA }] }),
  chunk({ tool_calls: [{ index: 1, ...OSLO }] }),
  ...streamEvents([], USAGE).slice(1),
].map((each) => JSON.parse(JSON.stringify(each).replace('"stop"', '"tool_calls"')) as object);

let upstream: FaultUpstream;
let app: TestApp;
let otherKey: string;

beforeAll(async () => {
  upstream = await FaultUpstream.start();
  app = await TestApp.start({
    yaml: JSON.stringify({
      providers: [{ name: 'vendor', type: 'openai-compatible', baseUrl: upstream.url }],
    }),
  });
  const other = await app.app.get(ApiKeysService).createForClientName('other');
  otherKey = other.key.reveal();
});
afterAll(async () => {
  await app.close();
  await upstream.close();
});

function wantReasoningBack(wants: boolean): void {
  const vendor: Provider = app.app.get(OpenAiCompatibleProvider, { strict: false });
  Object.assign(vendor, { wantsReasoningBack: wants });
}
afterEach(() => wantReasoningBack(false));

async function firstTurn(model: string, stream: boolean): Promise<void> {
  upstream.next(stream ? { events: STREAM, done: true, cut: 'per-event' } : { body: WHOLE });
  const answer = await app.chat({ model: `vendor/${model}`, messages: [USER], stream });
  expect(answer.status).toBe(200);
  await answer.text();
}

/** What the vendor sees of the second turn of a client that kept what `message` has. */
async function secondTurn(model: string, message: object, key = app.adminKey) {
  upstream.next({ body: completion('Sunny in both.', USAGE) });
  const messages = [USER, { role: 'assistant', content: null, ...message }, ...RESULTS];
  const answer = await app.chat(
    { model: `vendor/${model}`, messages },
    { authorization: `Bearer ${key}` },
  );
  expect(answer.status).toBe(200);
  const sent = JSON.parse(upstream.requests.at(-1)!.body) as { messages: object[] };
  expect(sent.messages).toHaveLength(4);
  expect([sent.messages[0], ...sent.messages.slice(2)]).toEqual([USER, ...RESULTS]);
  return sent.messages[1];
}

describe.each([
  ['whole', false],
  ['streamed', true],
])('a tool loop over a %s answer', (model, stream) => {
  it('gives the vendor its reasoning back, which the client did not keep', async () => {
    wantReasoningBack(true);
    await firstTurn(model, stream);
    expect(await secondTurn(model, { tool_calls: [ROME, OSLO] })).toEqual({
      role: 'assistant',
      content: null,
      reasoning_content: THOUGHTS,
      tool_calls: [{ ...ROME, extra_content: EXTRA }, OSLO],
    });
  });

  it('leaves alone what the client kept', async () => {
    wantReasoningBack(true);
    await firstTurn(model, stream);
    const kept = { reasoning_content: 'My own words.', tool_calls: [ROME, OSLO] };
    expect(await secondTurn(model, kept)).toMatchObject(kept);
  });

  it('says nothing of it to another client', async () => {
    wantReasoningBack(true);
    await firstTurn(model, stream);
    const sent = await secondTurn(model, { tool_calls: [ROME, OSLO] }, otherKey);
    expect(sent).toEqual({ role: 'assistant', content: null, tool_calls: [ROME, OSLO] });
  });

  it('keeps nothing for a vendor that does not want it', async () => {
    await firstTurn(`${model}-2`, stream);
    wantReasoningBack(true);
    const sent = await secondTurn(`${model}-2`, { tool_calls: [ROME, OSLO] });
    expect(sent).toEqual({ role: 'assistant', content: null, tool_calls: [ROME, OSLO] });
  });
});
