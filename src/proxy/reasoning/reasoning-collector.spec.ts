import { describe, expect, it } from 'vitest';
import { JsonDocument } from '../../common/json/json-document.js';
import type { ChatDelta } from '../../providers/chat/chat.js';
import type { ChatCompletionChunk } from '../../providers/chat/chat-api.js';
import { ReasoningCollector } from './reasoning-collector.js';

const delta = (content: object, more: object = {}): ChatDelta => ({
  kind: 'delta',
  body: JsonDocument.fromText<ChatCompletionChunk>(
    JSON.stringify({ choices: [{ index: 0, delta: content, finish_reason: null, ...more }] }),
  ),
  usage: 'none',
  characters: 0,
});
const toolCall = (index: number, more: object) => delta({ tool_calls: [{ index, ...more }] });
const finish = (index = 0) => delta({}, { index, finish_reason: 'tool_calls' });

function collect(chunks: readonly ChatDelta[], limit = 1000) {
  const sut = new ReasoningCollector(limit);
  return chunks.flatMap((chunk) => sut.add(chunk));
}

const CALL = [
  toolCall(0, { id: 'a', type: 'function', function: { name: 'f', arguments: '' } }),
  toolCall(0, { function: { arguments: '{"x":' } }),
  toolCall(0, { function: { arguments: '1}' } }),
];
const WHOLE_CALL = { id: 'a', type: 'function', function: { name: 'f', arguments: '{"x":1}' } };

describe(ReasoningCollector.name, () => {
  it('joins texts and calls', () => {
    const chunks = [
      delta({ role: 'assistant', content: null, reasoning_content: 'Let ' }),
      delta({ content: '', reasoning_content: 'me see.' }),
      delta({ content: 'Well.', reasoning_content: null }),
      ...CALL,
      finish(),
    ];
    expect(collect(chunks)).toEqual([{ content: 'Let me see.', details: [], calls: [WHOLE_CALL] }]);
  });

  it('joins the parts of a detail, and keeps details apart', () => {
    const part = (more: object) => delta({ reasoning_details: [{ index: 0, ...more }] });
    const chunks = [
      part({ type: 'reasoning.text', text: 'Let ', signature: null, format: 'v1' }),
      part({ type: 'reasoning.text', text: 'me.', format: 'v1' }),
      part({ type: 'reasoning.text', signature: 'signed', format: 'v1' }),
      part({ type: 'reasoning.encrypted', data: 'AAAA', index: 1 }),
      ...CALL,
      finish(),
    ];
    expect(collect(chunks)[0]?.details).toEqual([
      { type: 'reasoning.text', text: 'Let me.', signature: 'signed', format: 'v1', index: 0 },
      { type: 'reasoning.encrypted', data: 'AAAA', index: 1 },
    ]);
  });

  it('keeps what a call carries', () => {
    const extra = { vendor: { signature: 's' } };
    const chunks = [...CALL, toolCall(0, { extra_content: extra }), finish()];
    expect(collect(chunks)[0]?.calls).toEqual([{ ...WHOLE_CALL, extra_content: extra }]);
  });

  it('keeps the choices of an answer apart', () => {
    const of = (index: number, name: string) => [
      delta({ reasoning_content: name }, { index }),
      delta({ tool_calls: [{ index: 0, id: name, function: { name, arguments: '' } }] }, { index }),
    ];
    const turns = collect([...of(0, 'x'), ...of(1, 'y'), finish(1), finish(0)]);
    expect(turns.map(({ content, calls }) => [content, calls[0]?.id])).toEqual([
      ['y', 'y'],
      ['x', 'x'],
    ]);
  });

  it.each([
    ['nothing was called', [delta({ reasoning_content: 'Hm.' }), finish()]],
    ['nothing was thought', [...CALL, finish()]],
    ['the answer breaks off', [delta({ reasoning_content: 'Hm.' }), ...CALL]],
    ['it is too much', [delta({ reasoning_content: 'x'.repeat(1001) }), ...CALL, finish()]],
    ['a vendor writes nonsense', [delta(null as never), delta({ tool_calls: 'x' }), finish()]],
  ])('has no turn when %s', (_what, chunks) => {
    expect(collect(chunks)).toEqual([]);
  });
});
