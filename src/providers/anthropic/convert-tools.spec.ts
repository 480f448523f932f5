import { describe, expect, it } from 'vitest';
import {
  MANUAL,
  OLD,
  TOOL,
  SENT_TOOL,
  convert,
  convertRest,
  type RequestCase,
} from './anthropic-requests.contract.js';
import { convertTools } from './convert-tools.js';

const OTHER = { type: 'function', function: { name: 'g' } };

describe(convertTools, () => {
  const g = { name: 'g', input_schema: { type: 'object', properties: {} } };
  const tools: RequestCase[] = [
    [MANUAL, { tools: [] }, {}, ''],
    [MANUAL, { tool_choice: 'none', parallel_tool_calls: false }, {}, ''],
    [MANUAL, { tools: [TOOL, OTHER] }, { tools: [SENT_TOOL, g] }, 'tools.function=mapped'],
    [
      MANUAL,
      { tools: [TOOL], tool_choice: 'none' },
      { tools: [SENT_TOOL], tool_choice: { type: 'none' } },
      'tools.function=mapped,tool_choice.none=mapped',
    ],
    [
      MANUAL,
      { tools: [TOOL], tool_choice: 'required' },
      { tools: [SENT_TOOL], tool_choice: { type: 'any' } },
      'tools.function=mapped,tool_choice.required=mapped',
    ],
    [
      MANUAL,
      {
        tools: [TOOL],
        tool_choice: { type: 'function', function: { name: 'f' } },
        parallel_tool_calls: false,
      },
      {
        tools: [SENT_TOOL],
        tool_choice: { type: 'tool', name: 'f', disable_parallel_tool_use: true },
      },
      'tools.function=mapped,tool_choice.function=mapped,parallel_tool_calls=mapped',
    ],
    [
      MANUAL,
      { tools: [TOOL], parallel_tool_calls: false },
      { tools: [SENT_TOOL], tool_choice: { type: 'auto', disable_parallel_tool_use: true } },
      'tools.function=mapped,parallel_tool_calls=mapped',
    ],
    [
      MANUAL,
      {
        tools: [TOOL, OTHER],
        tool_choice: {
          type: 'allowed_tools',
          allowed_tools: {
            mode: 'required',
            tools: [{ type: 'function', function: { name: 'g' } }],
          },
        },
      },
      { tools: [g], tool_choice: { type: 'any' } },
      'tools.function=mapped,tool_choice.allowed_tools=emulated',
    ],
    [
      MANUAL,
      { tools: [{ type: 'custom', custom: { name: 'note', format: { type: 'text' } } }] },
      {
        tools: [
          {
            name: 'note',
            input_schema: {
              type: 'object',
              properties: { input: { type: 'string' } },
              required: ['input'],
              additionalProperties: false,
            },
          },
        ],
      },
      'tools.custom=emulated',
    ],
    [MANUAL, { tools: [{ type: 'odd' }] }, {}, 'tools.odd=dropped'],
    [
      MANUAL,
      { tools: [{ type: 'web_fetch_20250910', name: 'web_fetch', max_uses: 2 }] },
      { tools: [{ type: 'web_fetch_20250910', name: 'web_fetch', max_uses: 2 }] },
      '',
    ],
    [
      MANUAL,
      {
        web_search_options: {
          search_context_size: 'low',
          user_location: { type: 'approximate', approximate: { country: 'IT' } },
        },
      },
      {
        tools: [
          {
            type: 'web_search_20250305',
            name: 'web_search',
            user_location: { type: 'approximate', country: 'IT' },
          },
        ],
      },
      'web_search_options=approximated',
    ],
  ];
  it.each(tools)('offers tools to %s: %j', (model, fields, sent, report) => {
    expect(convertRest(model, fields)).toEqual([sent, report]);
  });

  it('is strict with schemas that the model keeps to, and closes them', () => {
    const parameters = { type: 'object', properties: { n: { type: 'integer', minimum: 1 } } };
    const strictTool = { type: 'function', function: { name: 'f', strict: true, parameters } };
    const [sent, report] = convertRest(MANUAL, { tools: [strictTool] });
    expect(sent).toMatchObject({
      tools: [
        {
          strict: true,
          input_schema: {
            additionalProperties: false,
            properties: { n: { description: '{minimum: 1}' } },
          },
        },
      ],
    });
    expect(report).toContain('tools.function.strict=approximated');
    expect(convertRest(OLD, { tools: [strictTool] })).toEqual([
      { tools: [{ name: 'f', input_schema: parameters }] },
      'tools.function=mapped,tools.function.strict=dropped',
    ]);
  });

  it('declares tools that were called before and are offered no more', () => {
    const { body } = convert(MANUAL, {
      messages: [
        { role: 'user', content: 'Hi' },
        {
          role: 'assistant',
          tool_calls: [{ id: 'a', type: 'function', function: { name: 'f', arguments: '' } }],
        },
        { role: 'tool', tool_call_id: 'a', content: 'x' },
      ],
    });
    expect(body.tools).toEqual([SENT_TOOL]);
    expect(body.tool_choice).toEqual({ type: 'none' });
  });
});
