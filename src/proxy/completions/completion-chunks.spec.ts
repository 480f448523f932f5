import { describe, expect, it } from 'vitest';
import { JsonDocument } from '../../common/json/json-document.js';
import type { ChatDelta } from '../../providers/chat/chat.js';
import type { ChatChunkChoice, ChatCompletionChunk } from '../../providers/chat/chat-api.js';
import { CompletionChunks } from './completion-chunks.js';

const ENVELOPE = { id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1, model: 'm' };

function chatDelta(members: object, usage: ChatDelta['usage'] = 'none'): ChatDelta {
  const chunk = { ...ENVELOPE, ...members } as unknown as ChatCompletionChunk;
  return { kind: 'delta', body: JsonDocument.fromValue(chunk), usage, characters: 1 };
}

function choice(delta: object, rest: Partial<ChatChunkChoice> = {}): ChatDelta {
  return chatDelta({ choices: [{ index: 0, delta, finish_reason: null, ...rest }] });
}

const START = choice({ role: 'assistant', content: '' });

function convert(deltas: readonly ChatDelta[], echo = '') {
  const sut = new CompletionChunks({ echo, wantsUsage: false });
  return deltas.map((delta) => sut.convert(delta)?.body.value);
}

describe(CompletionChunks, () => {
  it('tells each text, and why it stopped', () => {
    const chunks = convert([
      START,
      choice({ content: 'Hi' }),
      choice({}, { finish_reason: 'length' }),
    ]);
    const text = { index: 0, logprobs: null, finish_reason: null };
    const envelope = { id: 'cmpl-1', object: 'text_completion', created: 1, model: 'm' };
    expect(chunks).toEqual([
      { ...envelope, choices: [{ ...text, text: '' }] },
      { ...envelope, choices: [{ ...text, text: 'Hi' }] },
      { ...envelope, choices: [{ ...text, text: '', finish_reason: 'length' }] },
    ]);
  });

  it('passes over what has no place here', () => {
    const silent = [
      choice({ reasoning_content: 'Hm' }),
      choice({ content: '' }),
      chatDelta({ choices: [] }),
    ];
    expect(convert([START, ...silent]).slice(1)).toEqual([undefined, undefined, undefined]);
  });

  describe('usage', () => {
    const usage = { prompt_tokens: 1 };
    const told = {
      kind: 'record',
      usage: 'only',
      body: { value: { id: 'cmpl-1', choices: [], usage } },
    };

    it('comes last, in a chunk of its own', () => {
      const sut = new CompletionChunks({ echo: '', wantsUsage: true });
      sut.convert(START);
      expect(sut.usage()).toBeUndefined();
      expect(sut.convert(chatDelta({ choices: [], usage }, 'only'))).toBeUndefined();
      expect(sut.usage()).toMatchObject(told);
    });

    it('leaves the chunk that it came with, and the last count holds', () => {
      const sut = new CompletionChunks({ echo: '', wantsUsage: true });
      const choices = [{ index: 0, delta: { content: 'a' } }];
      sut.convert(chatDelta({ choices, usage: { prompt_tokens: 7 } }, 'beside'));
      const last = sut.convert(chatDelta({ choices, usage }, 'beside'));
      expect(last).toMatchObject({ usage: 'none', body: { value: { usage: null } } });
      expect(sut.usage()).toMatchObject(told);
    });

    it('is not mentioned to a client that did not ask', () => {
      const [chunk] = convert([chatDelta({ choices: [{ index: 0, delta: {} }], usage }, 'beside')]);
      expect(chunk).not.toHaveProperty('usage');
    });
  });

  it('repeats the prompt once in each choice', () => {
    const second = choice({ content: 'Ho' }, { index: 1 });
    const chunks = convert([START, choice({ content: 'Hi' }), second, second], 'Tell: ');
    expect(chunks.flatMap((chunk) => chunk!.choices.map(({ text }) => text))).toEqual([
      'Tell: ',
      'Hi',
      'Tell: Ho',
      'Ho',
    ]);
  });

  it('counts the places of tokens through the whole answer', () => {
    const token = (text: string) =>
      choice({ content: text }, { logprobs: { content: [{ token: text, logprob: -1 }] } });
    const chunks = convert([token('🙂🙂'), token('b'), token('c')], 'é:');
    expect(chunks.map((chunk) => chunk!.choices[0]!.logprobs!.text_offset)).toEqual([
      [2],
      [4],
      [5],
    ]);
  });

  it('makes up one id for all chunks of a vendor that sends none', () => {
    const nameless = { ...START, body: JsonDocument.fromValue({ ...START.body.value, id: '' }) };
    const [first, second] = convert([nameless, { ...nameless, ...choice({ content: 'a' }) }]);
    expect(first!.id).toMatch(/^cmpl-[0-9a-f]{32}$/);
    expect(second!.id).toBe(first!.id);
  });
});
