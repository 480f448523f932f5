import OpenAI from 'openai';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { expectRefusal, partsOf } from './support/expect-refusal.js';
import { TestApp } from './support/test-app.js';

let proxy: TestApp;

beforeAll(async () => {
  proxy = await TestApp.start({ env: { BASE_PATH: '/llm' } });
});

afterAll(() => proxy.close());

it('is in front of every route, and its headers are on every answer', async () => {
  const client = new OpenAI({ apiKey: proxy.demoKey!, baseURL: `${proxy.url}/llm/v1` });
  const { data, response } = await client.chat.completions
    .create({ model: 'simulated/echo', messages: [{ role: 'user', content: 'Hello' }] })
    .withResponse();
  expect(data.choices[0]!.message.content).toBe('Hello');
  expect(response.headers.get('x-llm-proxy-cache')).toBe('bypass');
  expect((await client.models.retrieve('simulated/echo')).id).toBe('simulated/echo');

  const refused = await partsOf(await fetch(`${proxy.url}/llm/v1/models`));
  expectRefusal(refused, { status: 401, type: 'invalid_request_error', code: 'invalid_api_key' });
  expect(refused.headers['x-llm-proxy-provider']).toBe('none');

  for (const path of ['/llm/health/ready', '/llm/version']) {
    expect((await fetch(`${proxy.url}${path}`)).status).toBe(200);
  }
});

it.each(['/v1/models', '/health/ready', '/llm', '/llmx/v1/models'])(
  'leaves nothing at %s',
  async (path) => {
    expectRefusal(await partsOf(await fetch(`${proxy.url}${path}`)), {
      status: 404,
      type: 'invalid_request_error',
      code: 'not_found',
      message: `Unknown route: GET ${path}.`,
    });
  },
);
