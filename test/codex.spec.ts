import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  block,
  stream as anthropicStream,
  textBlock,
  toolBlock,
} from '../src/providers/anthropic/anthropic-answers.contract.js';
import { answer as geminiAnswer } from '../src/providers/gemini/gemini-answers.contract.js';
import type { FaultScript } from './support/fault-script.js';
import { FaultUpstream } from './support/fault-upstream.js';
import { TestApp } from './support/test-app.js';
import { chunk, usageChunk, vendorUsage } from './support/vendor-answers.js';

const PATCH = '*** Begin Patch\n*** Add File: a.txt\n+"hi"\n*** End Patch';
const COMMAND = ['bash', '-lc', 'cat a.txt'];

const INSTRUCTIONS = 'You are a coding agent.';
const TOOLS = [
  {
    type: 'function',
    name: 'update_plan',
    description: 'Updates the plan.',
    strict: false,
    parameters: {
      type: 'object',
      properties: { step: { type: 'string' } },
      required: ['step'],
      additionalProperties: false,
    },
  },
  {
    type: 'custom',
    name: 'apply_patch',
    description: 'Edits files.',
    format: { type: 'grammar', syntax: 'lark', definition: 'start: begin_patch hunk+ end_patch' },
  },
  { type: 'local_shell' },
  { type: 'web_search', external_web_access: false },
];

/** What the model says in each turn: a plan after some thought, a patch, a command, and that it is done. */
interface Turn {
  readonly thought?: string;
  readonly call?: { readonly id: string; readonly name: string; readonly input: object };
  readonly text?: string;
}

const TURNS: readonly Turn[] = [
  {
    thought: 'First a plan.',
    call: { id: 'call_1', name: 'update_plan', input: { step: 'patch' } },
  },
  { call: { id: 'call_2', name: 'apply_patch', input: { input: PATCH } } },
  { call: { id: 'call_3', name: 'local_shell', input: { command: COMMAND, timeout_ms: 5000 } } },
  { text: 'Done.' },
];

function chatTurn({ thought, call, text }: Turn): FaultScript {
  const tool = call && {
    index: 0,
    id: call.id,
    type: 'function',
    function: { name: call.name, arguments: JSON.stringify(call.input) },
  };
  const events = [
    chunk({ role: 'assistant', content: null }),
    ...(thought === undefined ? [] : [chunk({ reasoning_content: thought })]),
    ...(tool === undefined ? [] : [chunk({ tool_calls: [tool] })]),
    ...(text === undefined ? [] : [chunk({ content: text })]),
    chunk({}, { finish_reason: call ? 'tool_calls' : 'stop' }),
    usageChunk(vendorUsage(20, 9, { reasoning: 2 })),
  ];
  return { events, done: true, cut: 'per-event' };
}

function anthropicTurn({ thought, call, text }: Turn): FaultScript {
  const deltas = [
    { type: 'thinking_delta', thinking: thought },
    { type: 'signature_delta', signature: 'c2lnbmVk' },
  ];
  const blocks = [
    ...(thought === undefined
      ? []
      : [(at: number) => block(at, { type: 'thinking', thinking: '', signature: '' }, deltas)]),
    ...(call === undefined
      ? []
      : [(at: number) => toolBlock(at, call.id, call.name, JSON.stringify(call.input))]),
    ...(text === undefined ? [] : [(at: number) => textBlock(at, text)]),
  ];
  const events = anthropicStream(
    blocks.flatMap((make, index) => make(index)),
    call ? 'tool_use' : 'end_turn',
  );
  return { events, named: true, cut: 'per-event' };
}

function geminiTurn({ thought, call, text }: Turn): FaultScript {
  const events = [
    ...(thought === undefined ? [] : [geminiAnswer([{ text: thought, thought: true }])]),
    ...(call === undefined
      ? []
      : [
          geminiAnswer([
            {
              functionCall: { id: call.id, name: call.name, args: { ...call.input } },
              thoughtSignature: 'c2lnbmVk',
            },
          ]),
        ]),
    geminiAnswer([{ text: text ?? '' }], { finishReason: 'STOP' }),
  ];
  return { events, cut: 'per-event' };
}

interface Item {
  readonly id: string;
  readonly type: string;
  readonly call_id: string;
  readonly [member: string]: unknown;
}

let upstream: FaultUpstream;
let app: TestApp;

beforeAll(async () => {
  upstream = await FaultUpstream.start();
  app = await TestApp.start({
    yaml: JSON.stringify({
      providers: ['openai-compatible', 'anthropic', 'gemini'].map((type) => ({
        name: type,
        type,
        baseUrl: upstream.url,
        apiKey: 'provider-key-0123456789',
      })),
    }),
  });
});
afterAll(async () => {
  await app.close();
  await upstream.close();
});

/** One request as Codex sends it; the items are taken from where Codex takes them. */
async function turn(model: string, input: readonly object[]): Promise<Item[]> {
  const answer = await fetch(`${app.url}/v1/responses`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${app.adminKey}`,
      'content-type': 'application/json',
      accept: 'text/event-stream',
      originator: 'codex_cli_rs',
      session_id: 'session-1',
    },
    body: JSON.stringify({
      model,
      instructions: INSTRUCTIONS,
      input,
      tools: TOOLS,
      tool_choice: 'auto',
      parallel_tool_calls: false,
      reasoning: { effort: 'medium', summary: 'auto' },
      store: false,
      stream: true,
      include: ['reasoning.encrypted_content'],
      prompt_cache_key: 'session-1',
      text: { verbosity: 'medium' },
      client_metadata: { 'x-codex-installation-id': 'one' },
    }),
  });
  const body = await answer.text();
  expect(answer.status, body).toBe(200);
  expect(answer.headers.get('content-type')).toContain('text/event-stream');
  const events = [...body.matchAll(/^event: (.*)\ndata: (.*)$/gm)].map(([, name, data]) => ({
    name: name!,
    data: JSON.parse(data!) as Record<string, unknown>,
  }));
  expect(events[0]?.name).toBe('response.created');
  const { name, data } = events.at(-1)!;
  expect(name).toBe('response.completed');
  const { id, usage, output } = data['response'] as Record<string, unknown>;
  expect(id).toMatch(/^resp_/);
  expect(usage).toMatchObject({
    input_tokens: 20,
    input_tokens_details: { cached_tokens: expect.any(Number) },
    output_tokens: 9,
    output_tokens_details: { reasoning_tokens: 2 },
    total_tokens: 29,
  });
  const items = events
    .filter((event) => event.name === 'response.output_item.done')
    .map((event) => event.data['item'] as Item);
  expect(items).toEqual(output);
  for (const event of events.filter((each) => each.name.startsWith('response.reasoning_summary'))) {
    expect(event.data['summary_index']).toBeTypeOf('number');
  }
  return items;
}

/** Codex keeps no ids of items, and says so by leaving them out. */
function withoutIds(items: readonly Item[]): object[] {
  return items.map(({ id: _id, status: _status, ...item }) => item);
}

describe.each([
  ['openai-compatible/m', chatTurn, 'reasoning_content":"First a plan.'],
  ['anthropic/claude-sonnet-4-5', anthropicTurn, '"signature":"c2lnbmVk"'],
  ['gemini/gemini-3-flash-preview', geminiTurn, '"thoughtSignature":"c2lnbmVk"'],
])('Codex with %s', (model, scriptOf, kept) => {
  it('plans, patches, runs a command and is done', async () => {
    upstream.next(...TURNS.map(scriptOf));
    const input: object[] = [
      {
        type: 'message',
        role: 'developer',
        content: [{ type: 'input_text', text: '<permissions>all</permissions>' }],
      },
      {
        type: 'message',
        role: 'user',
        content: [{ type: 'input_text', text: 'Write a.txt.' }],
      },
    ];

    const plan = await turn(model, input);
    expect(plan.find(({ type }) => type === 'reasoning')).toMatchObject({
      encrypted_content: expect.stringMatching(/^lp1:/),
    });
    const planned = plan.find(({ type }) => type === 'function_call')!;
    expect(planned).toMatchObject({ name: 'update_plan', arguments: '{"step":"patch"}' });
    input.push(...withoutIds(plan), {
      type: 'function_call_output',
      call_id: planned.call_id,
      output: 'Plan updated',
    });

    const patch = await turn(model, input);
    const patched = patch.find(({ type }) => type === 'custom_tool_call')!;
    expect(patched).toMatchObject({ name: 'apply_patch', input: PATCH });
    input.push(...withoutIds(patch), {
      type: 'custom_tool_call_output',
      call_id: patched.call_id,
      output: 'Success. Updated: A a.txt',
    });

    const shell = await turn(model, input);
    const run = shell.find(({ type }) => type === 'local_shell_call')!;
    expect(run).toMatchObject({
      status: 'completed',
      action: { type: 'exec', command: COMMAND, timeout_ms: 5000, env: {} },
    });
    const { id: _id, ...ran } = run;
    input.push(...withoutIds(shell.filter((item) => item !== run)), ran, {
      type: 'function_call_output',
      call_id: run.call_id,
      output: '"hi"',
    });

    const done = await turn(model, input);
    expect(done).toMatchObject([{ type: 'message', content: [{ text: 'Done.' }] }]);

    const { body } = upstream.requests.at(-1)!;
    for (const said of ['Plan updated', 'Success. Updated', 'cat a.txt', INSTRUCTIONS, kept]) {
      expect(body).toContain(said);
    }
    expect(body).not.toContain('web_search');

    const rows = (await app.rows()).slice(-TURNS.length);
    for (const row of rows) {
      expect(row).toMatchObject({ dialect: 'responses', status: 'ok', output_tokens: 9 });
      expect(row.translation).toContain('tools.web_search=dropped');
      expect(row.translation).toContain('tools.local_shell=emulated');
    }
  });
});
