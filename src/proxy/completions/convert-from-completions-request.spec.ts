import { describe, expect, it } from 'vitest';
import type { CompletionRequest } from '../../providers/completions/completions-api.js';
import { TranslationReport } from '../../providers/contract/translation.js';
import { convertFromCompletionsRequest } from './convert-from-completions-request.js';

const REQUEST: CompletionRequest = { model: 'm', prompt: 'Tell me' };
const MESSAGES = [{ role: 'user', content: 'Tell me' }];

function convert(members: Partial<CompletionRequest>, strict = false) {
  const report = new TranslationReport(strict);
  const chat = convertFromCompletionsRequest({ ...REQUEST, ...members }, report);
  return { chat, report: report.toString() };
}

describe(convertFromCompletionsRequest.name, () => {
  it.each<[string, Partial<CompletionRequest>, object, string]>([
    ['the prompt', {}, { max_tokens: 16 }, ''],
    ['a list of one', { prompt: ['Tell me'] }, { max_tokens: 16 }, ''],
    ['a limit', { max_tokens: 5 }, { max_tokens: 5 }, ''],
    [
      'what both have',
      { max_tokens: 5, n: 2, stop: ['a'], temperature: 0, seed: 1, user: 'u', top_k: 3 },
      { max_tokens: 5, n: 2, stop: ['a'], temperature: 0, seed: 1, user: 'u', top_k: 3 },
      '',
    ],
    [
      'logprobs',
      { logprobs: 2 },
      { max_tokens: 16, logprobs: true, top_logprobs: 2 },
      ',logprobs=mapped',
    ],
    ['a repetition', { echo: true }, { max_tokens: 16 }, ',echo=emulated'],
    [
      'a repetition with logprobs',
      { echo: true, logprobs: 0 },
      { max_tokens: 16, logprobs: true, top_logprobs: 0 },
      ',echo=approximated,logprobs=mapped',
    ],
    ['the best of several', { best_of: 3 }, { max_tokens: 16 }, ',best_of=dropped'],
    ['the best of one', { best_of: 1 }, { max_tokens: 16 }, ''],
    ['the best of all', { best_of: 2, n: 2 }, { max_tokens: 16, n: 2 }, ''],
    ['nothing after the gap', { suffix: '' }, { max_tokens: 16 }, ''],
    [
      'members of chat',
      { messages: [], tools: [{}], max_completion_tokens: 3 },
      { max_tokens: 16 },
      ',messages=dropped,max_completion_tokens=dropped,tools=dropped',
    ],
  ])('converts %s', (_what, members, expected, report) => {
    expect(convert(members)).toEqual({
      chat: { model: 'm', messages: MESSAGES, ...expected },
      report: `prompt=emulated${report}`,
    });
  });

  it.each<[keyof CompletionRequest, Partial<CompletionRequest>]>([
    ['prompt', { prompt: null }],
    ['prompt', { prompt: ['a', 'b'] }],
    ['prompt', { prompt: [1] }],
    ['prompt', { prompt: [[1]] }],
    ['suffix', { suffix: 'end' }],
    ['max_tokens', { max_tokens: 0 }],
  ])('refuses what no chat can do: %s', (param, members) => {
    expect(() => convert(members)).toThrow(
      expect.objectContaining({ code: 'unsupported_parameter', status: 400, param }) as Error,
    );
  });

  it.each([
    ['best_of', { best_of: 2 }],
    ['echo', { echo: true, logprobs: 1 }],
    ['tools', { tools: [{}] }],
  ])('refuses what would be lost in strict mode: %s', (param, members) => {
    expect(() => convert(members, true)).toThrow(
      expect.objectContaining({ kind: 'rejected', param }) as Error,
    );
  });
});
