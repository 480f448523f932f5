import { describe, expect, it } from 'vitest';
import { Secret } from '../common/secret.js';
import { startBanner } from './start-banner.js';

describe(startBanner.name, () => {
  const facts = { url: 'http://127.0.0.1:3000/llm', instances: ['openai'], demoKey: undefined };

  it('has the set-up link while nobody can sign in', () => {
    const banner = startBanner({ ...facts, setupToken: new Secret('the-token') });
    expect(banner).toContain('\n  http://127.0.0.1:3000/llm/setup#token=the-token\n');
    expect(startBanner({ ...facts, setupToken: undefined })).not.toContain('setup');
  });
});
