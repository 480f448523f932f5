import { describe, expect, it } from 'vitest';
import { sentRequest } from '../../../test/support/sent-request.js';
import { describeProvider } from '../contract/describe-provider.contract.js';
import { chunk, OPENAI_VENDOR } from '../openai-compatible/openai-answers.contract.js';
import type { Upstream } from '../upstream/upstream.js';
import { BlackboxProvider } from './blackbox.provider.js';

const create = (upstream: Upstream) => new BlackboxProvider(upstream);

describeProvider('blackbox', {
  create,
  vendor: {
    ...OPENAI_VENDOR,
    error: (status, message) => ({ error: { code: status, message, metadata: {} } }),
    streamError: { ...chunk({}, 'error'), error: { code: 502, message: 'Provider error' } },
  },
});

describe(BlackboxProvider, () => {
  it('writes a request as it wants it', async () => {
    const { path, body, report } = await sentRequest(create, {
      messages: [{ role: 'developer', content: 'Be brief.' }],
      max_completion_tokens: 9,
      reasoning_effort: 'low',
      provider: { order: ['a'] },
      top_k: 5,
    });
    expect(path).toBe('/chat/completions');
    expect(body).toEqual({
      model: 'model',
      messages: [{ role: 'system', content: 'Be brief.' }],
      max_tokens: 9,
      reasoning: { effort: 'low' },
      provider: { order: ['a'] },
      top_k: 5,
    });
    expect(report).toBe(
      'messages.developer=mapped,max_completion_tokens=mapped,reasoning_effort=mapped',
    );
  });

  it('has no list of models', () => {
    expect('listModels' in create({} as Upstream)).toBe(false);
  });
});
