import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ReasoningDetail } from '../../providers/chat/reasoning.js';
import {
  encodeReasoningState,
  parseReasoningState,
  type ReasoningState,
} from './reasoning-state.js';

const SUMMARY: ReasoningDetail = {
  type: 'reasoning.summary',
  summary: 'Thinking…',
  format: 'openai-responses-v1',
  index: 0,
  id: 'rs_1',
};

function encode(value: unknown): string {
  return `lp1:${Buffer.from(JSON.stringify(value)).toString('base64url')}`;
}

describe(parseReasoningState.name, () => {
  it.each<[string, ReasoningState]>([
    ['nothing but the text', {}],
    ['a text that is not shown', { text: 'hm' }],
    ['pieces', { details: [SUMMARY, { ...SUMMARY, summary: 'Other', index: 1 }] }],
    ['what belongs to calls', { calls: { call_1: { google: { thought_signature: 'c2ln' } } } }],
  ])('gives back %s', (_name, state) => {
    expect(parseReasoningState(encodeReasoningState(state, 'Thinking…'), 'Thinking…')).toEqual(
      state,
    );
  });

  it('gives back whatever was put in', () => {
    const text = fc.string();
    const detail = fc.record({
      type: fc.constantFrom('reasoning.text', 'reasoning.summary', 'reasoning.encrypted'),
      text,
      summary: text,
      data: text,
      format: text,
      index: fc.nat(),
    });
    fc.assert(
      fc.property(fc.array(detail), fc.string(), (given, shown) => {
        const state = { details: given as unknown as ReasoningDetail[] };
        expect(parseReasoningState(encodeReasoningState(state, shown), shown)).toEqual(state);
      }),
    );
  });

  it('does not say again what the block shows', () => {
    const text = 'long '.repeat(1000);
    const signature = encodeReasoningState({ details: [{ ...SUMMARY, summary: text }] }, text);
    expect(signature.length).toBeLessThan(200);
  });

  it.each([
    ['a signature of Anthropic', 'EqQBCgIYAhIM'],
    ['what is no JSON', 'lp1:AAAA'],
    ['what is no object', encode([])],
    ['pieces that are none', encode({ details: [1] })],
    ['a text that is none', encode({ text: 1 })],
    ['calls that are none', encode({ calls: [] })],
    ['what was cut off', encodeReasoningState({ details: [SUMMARY] }, '').slice(0, -3)],
    [
      'what is nested without end',
      `lp1:${Buffer.from(`{"calls":{"a":${'['.repeat(9999)}${']'.repeat(9999)}}}`).toString('base64url')}`,
    ],
  ])('finds nothing in %s', (_name, signature) => {
    expect(parseReasoningState(signature, '')).toBeUndefined();
  });

  it('survives anything', () => {
    fc.assert(
      fc.property(fc.string(), (rest) => {
        parseReasoningState(`lp1:${rest}`, '');
      }),
    );
  });
});
