import { describe, expect, it } from 'vitest';
import { totalInput, totalOutput } from '../contract/token-usage.js';
import { convertOllamaUsage } from './convert-ollama-usage.js';

describe(convertOllamaUsage, () => {
  it.each([
    ['both counts', { prompt_eval_count: 26, eval_count: 282 }, 26, 282],
    ['a prompt that was known already', { eval_count: 5 }, 0, 5],
    ['no answer', { prompt_eval_count: 7 }, 7, 0],
    ['a model that was loaded', { done_reason: 'load' }, 0, 0],
    ['a model that was unloaded', { done_reason: 'unload' }, 0, 0],
    ['nonsense beside a count', { prompt_eval_count: -1, eval_count: 3 }, 0, 3],
  ])('counts %s', (_name, answer, input, output) => {
    const usage = convertOllamaUsage(answer)!;
    expect(totalInput(usage)).toBe(input);
    expect(totalOutput(usage)).toBe(output);
    expect(usage).toMatchObject({ cacheRead: 0, outputReasoning: 0, estimated: false });
  });

  it("keeps the vendor's own counters and nothing of the answer", () => {
    const counters = { total_duration: 5, eval_count: 2, eval_duration: 3 };
    const usage = convertOllamaUsage({ ...counters, message: { content: 'secret' }, done: true });
    expect(usage?.raw).toEqual(counters);
  });

  it('has nothing to say of an answer without counts', () => {
    expect(convertOllamaUsage({ done: true, done_reason: 'stop' })).toBeUndefined();
  });
});
