import { describe, expect, it } from 'vitest';
import { isNeutral, OFTEN_NEUTRAL } from './neutral-values.js';

describe(isNeutral, () => {
  it.each([
    ['seed', null],
    ['seed', undefined],
    ['stop', []],
    ['temperature', 1],
    ['presence_penalty', 0],
    ['logit_bias', {}],
    ['modalities', ['text']],
    ['service_tier', 'auto'],
    ['parallel_tool_calls', true],
    ...Object.entries(OFTEN_NEUTRAL),
  ])('%s: %j asks for nothing', (field, value) => {
    expect(isNeutral(field, value)).toBe(true);
  });

  it.each([
    ['seed', 0],
    ['temperature', 0],
    ['stop', ''],
    ['logit_bias', { '1': 1 }],
    ['logit_bias', 'x'],
    ['web_search_options', {}],
    ['modalities', ['text', 'audio']],
    ['wish', false],
    ['constructor', {}],
  ])('%s: %j does', (field, value) => {
    expect(isNeutral(field, value)).toBe(false);
  });
});
