import { describe, expect, it } from 'vitest';
import { JsonDocument } from '../../common/json/json-document.js';
import type { ChatChoice, ChatCompletion } from '../../providers/chat/chat-api.js';
import { NO_USAGE } from '../../providers/contract/token-usage.js';
import { convertToCompletion } from './convert-to-completion.js';

const ENVELOPE = { id: 'chatcmpl-1', created: 1, model: 'm' };

function convert(
  choice: Partial<Omit<ChatChoice, 'message'>> & { message?: Partial<ChatChoice['message']> },
  { echo = '', id = ENVELOPE.id } = {},
) {
  const { message, ...rest } = choice;
  const completion: ChatCompletion = {
    ...ENVELOPE,
    id,
    object: 'chat.completion',
    choices: [
      {
        index: 0,
        message: { role: 'assistant', content: 'Hi', refusal: null, ...message },
        logprobs: null,
        finish_reason: 'stop',
        ...rest,
      },
    ],
    usage: { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3 },
    service_tier: 'default',
    system_fingerprint: 'fp',
  };
  const body = JsonDocument.fromValue(completion);
  return convertToCompletion(
    { body, usage: NO_USAGE, characters: 2, upstreamRequestId: 'r' },
    echo,
  );
}

const valueOf = (...given: Parameters<typeof convert>) =>
  JSON.parse((convert(...given).body as { text: string }).text) as {
    id: string;
    choices: object[];
  };

describe(convertToCompletion.name, () => {
  it('keeps what both have, and what the ledger needs', () => {
    expect(valueOf({})).toEqual({
      id: 'cmpl-1',
      object: 'text_completion',
      created: 1,
      model: 'm',
      system_fingerprint: 'fp',
      choices: [{ text: 'Hi', index: 0, logprobs: null, finish_reason: 'stop' }],
      usage: { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3 },
    });
    expect(convert({})).toMatchObject({ usage: NO_USAGE, characters: 2, upstreamRequestId: 'r' });
  });

  it.each([
    ['chatcmpl-9', 'cmpl-9'],
    ['cmpl-9', 'cmpl-9'],
    ['gen-9', 'cmpl-gen-9'],
  ])('makes %s an id of this dialect', (id, expected) => {
    expect(valueOf({}, { id }).id).toBe(expected);
  });

  it('makes an id up where there is none', () => {
    expect(valueOf({}, { id: '' }).id).toMatch(/^cmpl-[0-9a-f]{32}$/);
  });

  it.each([
    ['stop', 'stop'],
    ['length', 'length'],
    ['content_filter', 'content_filter'],
    ['tool_calls', 'stop'],
    ['function_call', 'stop'],
  ] as const)('tells %s as %s', (reason, expected) => {
    expect(valueOf({ finish_reason: reason }).choices).toMatchObject([{ finish_reason: expected }]);
  });

  it('tells a refusal as text, which is all there is', () => {
    const message = { content: null, refusal: 'I will not.' };
    expect(valueOf({ message }).choices).toMatchObject([{ text: 'I will not.' }]);
  });

  it('lists tokens with their place in the text, the prompt included', () => {
    const logprobs = {
      content: [
        { token: '🙂', logprob: -1, bytes: [], top_logprobs: [{ token: 'a', logprob: -2 }] },
        { token: '__proto__', logprob: -0.5, bytes: [] },
        { token: '!', logprob: 0, bytes: [], top_logprobs: [{ token: '!', logprob: 0 }] },
      ],
      refusal: null,
    };
    const [choice] = valueOf({ logprobs }, { echo: 'é🙂:' }).choices;
    expect(choice).toMatchObject({
      text: 'é🙂:Hi',
      logprobs: {
        tokens: ['🙂', '__proto__', '!'],
        token_logprobs: [-1, -0.5, 0],
        text_offset: [3, 4, 13],
      },
    });
    const { top_logprobs: top } = (choice as { logprobs: { top_logprobs: object[] } }).logprobs;
    expect(top.map((each) => Object.entries(each))).toEqual([
      [
        ['a', -2],
        ['🙂', -1],
      ],
      [['__proto__', -0.5]],
      [['!', 0]],
    ]);
  });
});
