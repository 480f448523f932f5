import { mergeMap, type Observable } from 'rxjs';
import { JsonDocument } from '../../common/json/json-document.js';
import type { ChatChunk } from '../chat/chat.js';
import type { ChatChunkChoice, ChatCompletionChunk } from '../chat/chat-api.js';
import { convertToChatUsage } from '../chat/convert-to-chat-usage.js';
import { convertSimulatedUsage } from './convert-simulated-usage.js';
import { mapSimulatedFinishReason } from './map-simulated-finish-reason.js';
import type { SimulatedPiece } from './simulated-api.js';

/** The members that all chunks of an answer share. */
export type ChunkEnvelope = Pick<ChatCompletionChunk, 'id' | 'object' | 'created' | 'model'>;

type Sent = Exclude<SimulatedPiece, { kind: 'fault' }>;
type Delta = ChatChunkChoice['delta'];

/**
 * How the vendor's stream becomes ours. `wantsUsage` is `stream_options.include_usage`: then each
 * chunk has a `usage`, which is null in all but one of their own.
 */
export function convertSimulatedStream(
  pieces: Observable<SimulatedPiece>,
  envelope: ChunkEnvelope,
  wantsUsage: boolean,
): Observable<ChatChunk> {
  return pieces.pipe(mergeMap((piece) => convertPiece(piece as Sent, envelope, wantsUsage)));
}

function convertPiece(piece: Sent, envelope: ChunkEnvelope, wantsUsage: boolean): ChatChunk[] {
  if (piece.kind !== 'tally') {
    const chunk = {
      ...envelope,
      choices: [convertChoice(piece)],
      ...(wantsUsage && { usage: null }),
    };
    return [delta(chunk, 'none', 'text' in piece ? piece.text.length : 0)];
  }
  const usage = convertSimulatedUsage(piece.tally);
  const count: ChatChunk = { kind: 'usage', usage };
  if (!wantsUsage) return [count];
  return [delta({ ...envelope, choices: [], usage: convertToChatUsage(usage) }, 'only', 0), count];
}

function delta(chunk: ChatCompletionChunk, usage: 'none' | 'only', characters: number): ChatChunk {
  return { kind: 'delta', body: JsonDocument.fromValue(chunk), usage, characters };
}

function convertChoice(piece: Exclude<Sent, { kind: 'tally' }>): ChatChunkChoice {
  return {
    index: piece.answer,
    delta: convertDelta(piece),
    logprobs: null,
    finish_reason: piece.kind === 'end' ? mapSimulatedFinishReason(piece.why) : null,
  };
}

function convertDelta(piece: Exclude<Sent, { kind: 'tally' }>): Delta {
  switch (piece.kind) {
    case 'begin':
      return { role: 'assistant', content: '', refusal: null };
    case 'thought':
      return { reasoning_content: piece.text };
    case 'text':
      return { content: piece.text };
    case 'call':
      return {
        tool_calls: [
          {
            index: piece.position,
            id: piece.id,
            type: 'function',
            function: { name: piece.tool, arguments: '' },
          },
        ],
      };
    case 'input':
      return { tool_calls: [{ index: piece.position, function: { arguments: piece.text } }] };
    case 'end':
      return {};
  }
}
