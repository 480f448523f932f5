import { describe, expect, it } from 'vitest';
import { createInstance, createTarget } from '../../../test/support/provider-fixtures.js';
import { convertOllamaAnswer } from './convert-ollama-answer.js';
import { CREATED, lastLine, line } from './ollama-answers.contract.js';

const target = createTarget(createInstance('http://ollama.invalid'), { requestId: 'req_1' });
const convert = (answer: object) =>
  convertOllamaAnswer({ status: 200, headers: {}, text: JSON.stringify(answer) }, target);

describe(convertOllamaAnswer, () => {
  it('answers in the form of a chat completion', () => {
    const { body, usage, characters } = convert(lastLine({ content: 'Hi', thinking: 'Hm' }));
    expect(body.value).toEqual({
      id: 'chatcmpl-req_1',
      object: 'chat.completion',
      created: CREATED,
      model: 'llama3.2:latest',
      choices: [
        {
          index: 0,
          message: { role: 'assistant', content: 'Hi', refusal: null, reasoning_content: 'Hm' },
          logprobs: null,
          finish_reason: 'stop',
        },
      ],
      usage: {
        prompt_tokens: 26,
        completion_tokens: 282,
        total_tokens: 308,
        prompt_tokens_details: { cached_tokens: 0 },
        completion_tokens_details: { reasoning_tokens: 0 },
      },
    });
    expect(usage?.raw).toMatchObject({ eval_count: 282 });
    expect(characters).toBe(4);
  });

  it('has no text beside calls, and other ids for each of them', () => {
    const call = { function: { name: 'f', arguments: { a: 1 } } };
    const { message, finish_reason } = convert(lastLine({ tool_calls: [call, call] })).body.value
      .choices[0]!;
    expect(finish_reason).toBe('tool_calls');
    expect(message.content).toBeNull();
    const calls = message.tool_calls!;
    expect(calls.map(({ function: f }) => f)).toEqual(
      Array(2).fill({ name: 'f', arguments: '{"a":1}' }),
    );
    expect(calls[0]!.id).toMatch(/^call_\w{16,}$/);
    expect(calls[0]!.id).not.toBe(calls[1]!.id);
  });

  it('says that an answer was cut, calls or not', () => {
    const tool_calls = [{ function: { name: 'f', arguments: {} } }];
    const answer = lastLine({ tool_calls }, { done_reason: 'length' });
    expect(convert(answer).body.value.choices[0]?.finish_reason).toBe('length');
  });

  it.each([
    ['an answer that goes on', line({ content: 'Hi' }), 'invalid_response'],
    ['no answer', {}, 'invalid_response'],
    ['an error', { error: 'model requires more system memory' }, 'failed'],
  ])('refuses %s', (_name, answer, kind) => {
    expect(() => convert(answer)).toThrow(expect.objectContaining({ kind }));
  });
});
