import Anthropic from '@anthropic-ai/sdk';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { FaultUpstream, type RecordedRequest } from './support/fault-upstream.js';
import {
  PLAYED_MODEL,
  PLAYED_VENDORS,
  playedConfiguration,
  playVendor,
} from './support/played-vendors.js';
import { TestApp } from './support/test-app.js';

type Message = Anthropic.Beta.BetaMessageParam;

const BETAS = [
  'claude-code-20250219',
  'interleaved-thinking-2025-05-14',
  'context-management-2025-06-27',
];
/** The picture is a GIF of one pixel. */
const PICTURE = 'R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7';

/** What the agent sends with each turn, as far as it is the same for all of them. */
const TURN = {
  max_tokens: 32_000,
  system: [
    { type: 'text', text: 'x-anthropic-billing-header: cc_version=2.1.0; cc_entrypoint=cli;' },
    {
      type: 'text',
      text: 'You are Claude Code.',
      cache_control: { type: 'ephemeral', ttl: '1h' },
    },
    { type: 'text', text: 'Be brief.', cache_control: { type: 'ephemeral' } },
  ],
  tools: [
    {
      name: 'weather',
      description: 'The weather in a city',
      input_schema: {
        $schema: 'https://json-schema.org/draft/2020-12/schema',
        type: 'object',
        properties: { city: { type: 'string', description: 'Its name' } },
        required: ['city'],
        additionalProperties: false,
      },
    },
    {
      name: 'time',
      description: 'The time',
      input_schema: {
        $schema: 'http://json-schema.org/draft-07/schema#',
        type: 'object',
        properties: {},
      },
      cache_control: { type: 'ephemeral' },
    },
  ],
  thinking: { type: 'enabled', budget_tokens: 10_000 },
  context_management: { edits: [{ type: 'clear_thinking_20251015', keep: 'all' }] },
  metadata: {
    user_id: `user_${'a'.repeat(64)}_account__session_1b2c3d4e-0000-4000-8000-000000000000`,
  },
  betas: BETAS,
} as const;

let upstream: FaultUpstream;
let app: TestApp;
let client: Anthropic;

beforeAll(async () => {
  upstream = await FaultUpstream.start();
  app = await TestApp.start({
    yaml: playedConfiguration(upstream, {
      models: PLAYED_VENDORS.map(({ type }) => ({
        name: `claude-by-${type}`,
        targets: [{ model: `${type}/${PLAYED_MODEL}` }],
      })),
    }),
  });
  client = new Anthropic({
    authToken: app.adminKey,
    apiKey: null,
    baseURL: app.url,
    maxRetries: 0,
    defaultHeaders: { 'x-app': 'cli', 'x-claude-code-session-id': 'session-1' },
  });
});
afterAll(async () => {
  await app.close();
  await upstream.close();
});
beforeEach(() => {
  upstream.always(playFourTurns);
});

/** Calls its tools twice, then answers; a count is a count. */
function playFourTurns(request: RecordedRequest) {
  if (request.path.endsWith('/count_tokens')) return { body: { input_tokens: 4321 } };
  const results = request.body.match(/"(?:tool_result|functionResponse|tool_call_id)"/g) ?? [];
  const more = results.length > 0 && results.length < 4;
  if (!more) return playVendor(request);
  return playVendor({
    ...request,
    body: request.body.replaceAll(/tool_result|functionResponse|tool_call_id/g, 'x'),
  });
}

function resultsOf(calls: readonly Anthropic.Beta.BetaToolUseBlock[]): Message {
  return {
    role: 'user',
    content: [
      ...calls.map(({ id, name }, index) => ({
        type: 'tool_result' as const,
        tool_use_id: id,
        content: [
          { type: 'text' as const, text: `result of ${name}` },
          ...(index === 0
            ? [
                {
                  type: 'image' as const,
                  source: {
                    type: 'base64' as const,
                    media_type: 'image/gif' as const,
                    data: PICTURE,
                  },
                },
              ]
            : []),
        ],
        ...(index === 1 && { is_error: true }),
      })),
      {
        type: 'text',
        text: '<system-reminder>Go on.</system-reminder>',
        cache_control: { type: 'ephemeral' },
      },
    ],
  };
}

describe.each(PLAYED_VENDORS.map(({ type }) => [type]))('Claude Code over %s', (type) => {
  it('works through several turns of tools, and each turn has its row', async () => {
    const before = (await app.rows()).length;
    const sent = upstream.requests.length;
    const model = `claude-by-${type}`;
    const messages: Message[] = [
      {
        role: 'user',
        content: [
          { type: 'text', text: '<system-reminder>Today.</system-reminder>' },
          { type: 'text', text: 'Weather?', cache_control: { type: 'ephemeral' } },
        ],
      },
    ];
    const ids: string[] = [];
    let turn: Anthropic.Beta.BetaMessage | undefined;
    while (turn?.stop_reason !== 'end_turn') {
      expect(ids.length).toBeLessThan(4);
      const stream = client.beta.messages.stream({
        ...(structuredClone(TURN) as unknown as Omit<
          Anthropic.Beta.MessageCreateParamsStreaming,
          'model' | 'messages' | 'stream'
        >),
        model,
        messages,
      });
      turn = await stream.finalMessage();
      const { request_id: id } = stream;
      ids.push(id!);
      const {
        input_tokens: input,
        cache_read_input_tokens: read,
        cache_creation_input_tokens: written,
      } = turn.usage;
      expect(input + (read ?? 0) + (written ?? 0)).toBe(20);
      messages.push({
        role: 'assistant',
        content: turn.content as Anthropic.Beta.BetaContentBlockParam[],
      });
      const calls = turn.content.filter((block) => block.type === 'tool_use');
      if (calls.length > 0) messages.push(resultsOf(calls));
    }
    expect(ids).toHaveLength(3);
    const rows = (await app.rows()).slice(before);
    expect(rows.map((row) => row.request_id)).toEqual(ids);
    for (const [index, row] of rows.entries()) {
      expect(row).toMatchObject({
        dialect: 'messages',
        requested_model: model,
        provider: type,
        model: PLAYED_MODEL,
        status: 'ok',
        stream: true,
        input_tokens: 20,
        output_tokens: 9,
        estimated: false,
        has_images: index > 0,
        user: TURN.metadata.user_id,
      });
      expect(row.cost_nano_usd).toBeGreaterThan(0);
    }
    const last = upstream.requests.at(-1)!;
    expect(upstream.requests).toHaveLength(sent + 3);
    expect(last.body.match(/result of weather/g)).toHaveLength(2);
    expect(last.body).toContain(PICTURE);
    expect(last.body).not.toContain('lp1:');
    if (type !== 'anthropic') expect(last.body).not.toContain('cache_control');
    expect(last.headers).not.toHaveProperty('x-claude-code-session-id');
  });

  it('may ask for a whole answer of a small model beside it', async () => {
    const answer = await client.beta.messages.create({
      model: `claude-by-${type}`,
      max_tokens: 512,
      system: [{ type: 'text', text: 'Find a title.' }],
      messages: [{ role: 'user', content: [{ type: 'text', text: 'Weather?' }] }],
      betas: [...BETAS],
    });
    expect(answer.stop_reason).toBe('end_turn');
  });

  it('learns how long its prompt is, and pays nothing for it', async () => {
    const before = (await app.rows()).length;
    const { system, tools, thinking, betas } = structuredClone(TURN);
    const { input_tokens: tokens } = await client.beta.messages.countTokens({
      model: `claude-by-${type}`,
      messages: [{ role: 'user', content: 'Weather?' }],
      ...({ system, tools, thinking, betas } as unknown as { betas: string[] }),
    });
    if (type === 'anthropic') expect(tokens).toBe(4321);
    else expect(tokens).toBeGreaterThan(50);
    expect(await app.rows()).toHaveLength(before);
  });
});

it('gets native turns to the vendor as they are', async () => {
  const body = {
    ...(structuredClone(TURN) as object),
    betas: undefined,
    model: 'claude-by-anthropic',
    messages: [{ role: 'user', content: 'Weather?' }],
    stream: true,
  };
  const answer = await fetch(`${app.url}/v1/messages?beta=true`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${app.adminKey}`,
      'content-type': 'application/json',
      'anthropic-version': '2023-06-01',
      'anthropic-beta': BETAS.join(','),
    },
    body: JSON.stringify(body),
  });
  await answer.text();
  expect(answer.headers.get('x-llm-proxy-translation')).toBe('');
  const { body: sent, headers } = upstream.requests.at(-1)!;
  expect(sent).toBe(JSON.stringify({ ...body, model: PLAYED_MODEL }));
  expect(headers['anthropic-beta']).toBe(BETAS.join(','));
});

it('shortens its conversation when it reads that it is too long', async () => {
  upstream.always({
    status: 400,
    body: {
      error: {
        message: 'At most 8192 tokens.',
        type: 'invalid_request_error',
        code: 'context_length_exceeded',
      },
    },
  });
  await expect(
    client.beta.messages.create({
      model: 'claude-by-openai',
      max_tokens: 9,
      messages: [{ role: 'user', content: 'x' }],
    }),
  ).rejects.toMatchObject({
    status: 400,
    type: 'invalid_request_error',
    message: expect.stringContaining('prompt is too long'),
  });
});

it('looks whether anybody is there, and which models there are', async () => {
  expect((await fetch(`${app.url}/`, { method: 'HEAD' })).status).toBe(404);
  const { data } = await client.models.list({ limit: 1000 });
  expect(data.map(({ id }) => id).filter((id) => id.startsWith('claude'))).toEqual(
    expect.arrayContaining(PLAYED_VENDORS.map(({ type }) => `claude-by-${type}`)),
  );
});
