import { describe, expect, it } from 'vitest';
import { isChatOnly } from './chat-only-models.js';

describe(isChatOnly.name, () => {
  it.each([
    'gpt-3.5-turbo',
    'gpt-3.5-turbo-0125',
    'gpt-35-turbo',
    'gpt-4',
    'gpt-4o-mini',
    'gpt-4.1-nano',
    'chatgpt-4o-latest',
    'gpt-5',
    'gpt-5.1-chat-latest',
    'o3',
    'o4-mini-2025-04-16',
    'ft:gpt-4o-mini-2024-07-18:me::1',
  ])('knows %s', (model) => {
    expect(isChatOnly(model)).toBe(true);
  });

  it.each([
    'gpt-3.5-turbo-instruct',
    'gpt-3.5-turbo-instruct-0914',
    'gpt-35-turbo-instruct',
    'davinci-002',
    'babbage-002',
    'ft:davinci-002:me::1',
    'gpt-5-pro',
    'gpt-5.1-codex',
    'o3-deep-research',
    'gpt-oss-120b',
    'my-gpt-4o',
    'omni',
    '',
  ])('says nothing of %j', (model) => {
    expect(isChatOnly(model)).toBe(false);
  });
});
