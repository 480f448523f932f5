import { describe, expect, it } from 'vitest';
import { createInstance, createTarget } from '../../../test/support/provider-fixtures.js';
import { completion, TEXT, TOOLS } from './openai-answers.contract.js';
import type { OpenAiChunk } from './openai-api.js';
import { repairChatCompletion } from './repair-chat-completion.js';

const target = createTarget(createInstance('http://127.0.0.1:1'), {
  requestId: 'req_1',
  model: 'asked',
});

function repaired(answer: object) {
  const copy = structuredClone(answer) as OpenAiChunk;
  return { changed: repairChatCompletion(copy, target), answer: copy };
}

const withMessage = (message: object, finish = 'stop') => completion(message, finish);

describe(repairChatCompletion, () => {
  it.each([
    ['text', TEXT.unary],
    ['tools', TOOLS.unary],
    ['`tool_calls: []`', withMessage({ content: 'x', tool_calls: [] })],
    ['reasoning', withMessage({ content: 'x', reasoning_content: 'y' })],
  ])('leaves a healthy answer alone: %s', (_name, answer) => {
    expect(repaired(answer)).toEqual({ changed: false, answer });
  });

  it('fills in what every answer has', () => {
    const { changed, answer } = repaired({ choices: [{ message: { content: 'Hi' } }] });
    expect(changed).toBe(true);
    expect(answer).toMatchObject({
      id: 'chatcmpl-req_1',
      object: 'chat.completion',
      created: expect.any(Number) as number,
      model: 'asked',
      choices: [{ index: 0, message: { role: 'assistant', content: 'Hi' }, finish_reason: 'stop' }],
    });
  });

  const call = (tool: object, more: object = {}) =>
    withMessage({ tool_calls: [{ ...more, function: { name: 'f', ...tool } }] });

  it.each<[string, object, object]>([
    ['milliseconds', { ...TEXT.unary, created: 1.7e12 }, { created: 1.7e9 }],
    ['fractions of a second', { ...TEXT.unary, created: 1.5 }, { created: 1 }],
    ['a numeric id', { ...TEXT.unary, id: 7 }, { id: '7' }],
    [
      'no message',
      { ...TEXT.unary, choices: [{ index: 0 }] },
      { choices: [{ message: { role: 'assistant', content: null }, finish_reason: 'stop' }] },
    ],
    [
      'missing content',
      withMessage({ content: undefined }),
      { choices: [{ message: { content: null } }] },
    ],
    [
      'missing refusal',
      withMessage({ content: 'x', refusal: undefined }),
      { choices: [{ message: { refusal: null } }] },
    ],
    [
      'missing logprobs',
      { ...TEXT.unary, choices: [{ index: 0, message: { content: 'x' } }] },
      { choices: [{ logprobs: null }] },
    ],
    [
      'a tier under its other name',
      { ...TEXT.unary, service_tier: 'on_demand' },
      { service_tier: 'default' },
    ],
    [
      'content as a list',
      withMessage({
        content: [
          { type: 'thinking', thinking: 'Hm' },
          { type: 'text', text: 'Hi' },
        ],
      }),
      { choices: [{ message: { content: 'Hi', reasoning_content: 'Hm' } }] },
    ],
    [
      'reasoning under its other name',
      withMessage({ content: 'x', reasoning: 'y' }),
      { choices: [{ message: { reasoning: 'y', reasoning_content: 'y' } }] },
    ],
    [
      'an empty finish reason',
      withMessage({ content: 'x' }, ''),
      { choices: [{ finish_reason: 'stop' }] },
    ],
    [
      'a finish reason of its own',
      withMessage({ content: 'x' }, 'model_length'),
      { choices: [{ finish_reason: 'length' }] },
    ],
    [
      'a call without id and type',
      call({ arguments: '{}' }),
      {
        choices: [
          {
            finish_reason: 'tool_calls',
            message: { tool_calls: [{ id: 'call_req_1_0_0', type: 'function' }] },
          },
        ],
      },
    ],
    [
      'arguments as an object',
      call({ arguments: { a: 1 } }, { id: 'c' }),
      { choices: [{ message: { tool_calls: [{ id: 'c', function: { arguments: '{"a":1}' } }] } }] },
    ],
    [
      'empty arguments',
      call({ arguments: '' }),
      { choices: [{ message: { tool_calls: [{ function: { arguments: '{}' } }] } }] },
    ],
    [
      'no arguments',
      call({}),
      { choices: [{ message: { tool_calls: [{ function: { arguments: '{}' } }] } }] },
    ],
  ])('repairs %s', (_name, answer, expected) => {
    const result = repaired(answer);
    expect(result.changed).toBe(true);
    expect(result.answer).toMatchObject(expected);
  });

  it('leaves calls away that are null', () => {
    const { answer } = repaired(withMessage({ content: 'x', tool_calls: null }));
    expect(answer.choices).toEqual(repaired(withMessage({ content: 'x' })).answer.choices);
  });
});
