import { setTimeout } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { Configuration } from '../../config/configuration.js';
import type { ChatMessage, ChatToolCall } from '../../providers/chat/chat-api.js';
import { ReasoningMemory, type ReasoningScope } from './reasoning-memory.js';

const SCOPE: ReasoningScope = { clientId: 'client', type: 'vendor', model: 'model' };
const DETAIL = { type: 'reasoning.text', text: 'Hm.', signature: 'signed', index: 0 };

const call = (id: string, text = '{"city":"Rome"}'): ChatToolCall => ({
  id,
  type: 'function',
  function: { name: 'weather', arguments: text },
});
const assistant = (...calls: ChatToolCall[]): ChatMessage => ({
  role: 'assistant',
  content: null,
  tool_calls: calls,
});

function create(bytes = 1_000_000, ttlSeconds = 60): ReasoningMemory {
  const environment = { reasoningMemoryBytes: bytes, reasoningMemoryTtlSeconds: ttlSeconds };
  return new ReasoningMemory({ environment } as unknown as Configuration);
}

describe(ReasoningMemory.name, () => {
  it('puts back what a client lost', () => {
    const sut = create();
    sut.remember(SCOPE, { content: 'Hm.', details: [DETAIL], calls: [call('a')] });
    const user: ChatMessage = { role: 'user', content: 'Weather?' };
    const lost = assistant(call('a'));

    expect(sut.restore(SCOPE, [user, lost])).toEqual([
      user,
      { ...lost, reasoning_content: 'Hm.', reasoning_details: [DETAIL] },
    ]);
    expect(lost).toEqual(assistant(call('a')));
  });

  it('gives each of several calls its own, and knows the turn by any of them', () => {
    const sut = create();
    const signed = { ...call('a'), extra_content: { vendor: { signature: 'of a' } } };
    sut.remember(SCOPE, { content: 'Hm.', details: [], calls: [signed, call('b')] });

    expect(sut.restore(SCOPE, [assistant(call('a'), call('b'))])).toEqual([
      { ...assistant(signed, call('b')), reasoning_content: 'Hm.' },
    ]);
    expect(sut.restore(SCOPE, [assistant(call('b'))])).toEqual([
      { ...assistant(call('b')), reasoning_content: 'Hm.' },
    ]);
  });

  it.each([
    ['another client', { ...SCOPE, clientId: 'other' }],
    ['another type of provider', { ...SCOPE, type: 'other' }],
    ['another model', { ...SCOPE, model: 'other' }],
  ])('has nothing for %s', (_what, scope) => {
    const sut = create();
    sut.remember(SCOPE, { content: 'Hm.', details: [], calls: [call('a')] });
    expect(sut.restore(scope, [assistant(call('a'))])).toBeUndefined();
  });

  it('knows arguments that were written anew, and no others under the same id', () => {
    const sut = create();
    sut.remember(SCOPE, { content: 'Hm.', details: [], calls: [call('a', '{"x": 1}')] });
    expect(sut.restore(SCOPE, [assistant(call('a', '{"x":1}'))])).toBeDefined();
    expect(sut.restore(SCOPE, [assistant(call('a', '{"x":2}'))])).toBeUndefined();
  });

  it.each([
    ['its details', { reasoning_details: [{ ...DETAIL, text: 'Own.' }] }],
    ['another text', { reasoning_content: 'Own.' }],
    ['the state of a call', { tool_calls: [{ ...call('a'), extra_content: { own: true } }] }],
    ['another role', { role: 'user' }],
    ['no calls', { tool_calls: [] }],
  ])('leaves a message alone that has %s', (_what, members) => {
    const sut = create();
    sut.remember(SCOPE, { content: 'Hm.', details: [DETAIL], calls: [call('a')] });
    expect(sut.restore(SCOPE, [{ ...assistant(call('a')), ...members }])).toBeUndefined();
  });

  it('adds the details to a text that the client kept', () => {
    const sut = create();
    sut.remember(SCOPE, { content: 'Hm.', details: [DETAIL], calls: [call('a')] });
    const kept = { ...assistant(call('a')), reasoning_content: 'Hm.' };
    expect(sut.restore(SCOPE, [kept])).toEqual([{ ...kept, reasoning_details: [DETAIL] }]);
  });

  it('lets go of what was not used for longest', () => {
    const sut = create(9_000);
    const content = 'x'.repeat(1000);
    for (const id of ['a', 'b', 'c'])
      sut.remember(SCOPE, { content, details: [], calls: [call(id)] });
    expect(sut.size).toBe(3);
    sut.restore(SCOPE, [assistant(call('a'))]);
    sut.remember(SCOPE, { content, details: [], calls: [call('d')] });

    const known = ['a', 'b', 'c', 'd'].filter((id) => sut.restore(SCOPE, [assistant(call(id))]));
    expect(known).toEqual(['a', 'c', 'd']);
  });

  it('keeps a turn under its last answer', () => {
    const sut = create();
    sut.remember(SCOPE, { content: 'First.', details: [], calls: [call('a'), call('b')] });
    sut.remember(SCOPE, { content: 'Second.', details: [], calls: [call('a')] });
    expect(sut.size).toBe(1);
    expect(sut.restore(SCOPE, [assistant(call('a'))])).toMatchObject([
      { reasoning_content: 'Second.' },
    ]);
    expect(sut.restore(SCOPE, [assistant(call('b'))])).toBeUndefined();
  });

  it('refuses a turn that is larger than all it may keep', () => {
    const sut = create(5000);
    sut.remember(SCOPE, { content: 'Hm.', details: [], calls: [call('a')] });
    sut.remember(SCOPE, { content: 'x'.repeat(5000), details: [], calls: [call('b')] });
    expect(sut.size).toBe(1);
    expect(sut.restore(SCOPE, [assistant(call('b'))])).toBeUndefined();
  });

  it('forgets after a while', async () => {
    const sut = create(1_000_000, 0.02);
    sut.remember(SCOPE, { content: 'Hm.', details: [], calls: [call('a')] });
    await setTimeout(40);
    expect(sut.restore(SCOPE, [assistant(call('a'))])).toBeUndefined();
  });

  it('keeps nothing when it has no room', () => {
    const sut = create(0);
    sut.remember(SCOPE, { content: 'Hm.', details: [], calls: [call('a')] });
    expect(sut.restore(SCOPE, [assistant(call('a'))])).toBeUndefined();
  });
});
