import { describe, expect, it } from 'vitest';
import {
  ADAPTIVE,
  ADAPTIVE_46,
  MANUAL,
  OLD,
  OLDEST,
  TOOL,
  convert,
  convertRest,
  type RequestCase,
} from './anthropic-requests.contract.js';
import { convertThinking } from './convert-thinking.js';

describe(convertThinking, () => {
  const adaptive = { type: 'adaptive', display: 'summarized' };
  const efforts: RequestCase[] = [
    [
      ADAPTIVE,
      { reasoning_effort: 'none' },
      { thinking: { type: 'disabled' } },
      'reasoning_effort=mapped',
    ],
    [
      ADAPTIVE,
      { reasoning_effort: 'minimal' },
      { thinking: adaptive, output_config: { effort: 'low' } },
      'reasoning_effort=approximated',
    ],
    [
      ADAPTIVE,
      { reasoning_effort: 'xhigh' },
      { thinking: adaptive, output_config: { effort: 'xhigh' } },
      'reasoning_effort=mapped',
    ],
    [
      ADAPTIVE_46,
      { reasoning_effort: 'xhigh' },
      { thinking: adaptive, output_config: { effort: 'max' } },
      'reasoning_effort=approximated',
    ],
    [
      ADAPTIVE,
      { reasoning_effort: 'utmost' },
      { thinking: adaptive, output_config: { effort: 'high' } },
      'reasoning_effort=approximated',
    ],
    [
      MANUAL,
      { reasoning_effort: 'minimal' },
      { thinking: { type: 'enabled', budget_tokens: 1280 } },
      'reasoning_effort=mapped',
    ],
    [
      OLD,
      { reasoning_effort: 'minimal' },
      { thinking: { type: 'enabled', budget_tokens: 1024 } },
      'reasoning_effort=mapped',
    ],
    [
      MANUAL,
      { reasoning_effort: 'high' },
      { thinking: { type: 'enabled', budget_tokens: 38_400 } },
      'reasoning_effort=mapped',
    ],
    [MANUAL, { reasoning_effort: 'none' }, {}, 'reasoning_effort=mapped'],
    [OLDEST, { reasoning_effort: 'low' }, {}, 'reasoning_effort=dropped'],
    [OLDEST, { reasoning_effort: 'none' }, {}, ''],
  ];
  it.each(efforts)('thinks with %s and %j', (model, fields, sent, report) => {
    expect(convertRest(model, fields)).toEqual([sent, report]);
  });

  describe('thinking by a budget in a turn of tool calls', () => {
    const call = {
      role: 'assistant',
      content: null,
      tool_calls: [{ id: 'a', type: 'function', function: { name: 'f', arguments: '{}' } }],
    };
    const signed = {
      ...call,
      reasoning_details: [
        { type: 'reasoning.text', text: 'hm', signature: 's', format: 'anthropic-claude-v1' },
      ],
    };
    const result = { role: 'tool', tool_call_id: 'a', content: 'x' };
    const user = { role: 'user', content: 'Hi' };

    it.each([
      ['goes on', [user, signed, result], true],
      ['goes on after a step without', [user, signed, result, call, result], true],
      [
        'starts with the next question',
        [user, call, result, { role: 'assistant', content: 'ok' }, user],
        true,
      ],
      ['stops when it was lost', [user, call, result], false],
      ['stops when it was lost at first', [user, call, result, signed, result], false],
    ])('%s', (_name, messages, thinks) => {
      const { body, report } = convert(MANUAL, {
        messages: messages as never,
        tools: [TOOL],
        reasoning_effort: 'low',
        max_tokens: 100,
      });
      expect(body.thinking !== undefined).toBe(thinks);
      expect(body.max_tokens).toBe(thinks ? 6500 : 100);
      expect(report).toContain(`reasoning_effort=${thinks ? 'mapped' : 'dropped'}`);
      const blocks = body.messages.flatMap(({ content }) => content);
      if (!thinks) expect(blocks.some(({ type }) => type === 'thinking')).toBe(false);
    });

    it('stops for a call that the client demands', () => {
      const fields = { tools: [TOOL], tool_choice: 'required', reasoning_effort: 'low' };
      expect(convert(MANUAL, fields).body.thinking).toBeUndefined();
      expect(convert(ADAPTIVE, fields).body.thinking).toEqual(adaptive);
    });
  });
});
