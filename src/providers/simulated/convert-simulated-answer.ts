import type { ChatChoice, ChatCompletion } from '../chat/chat-api.js';
import { convertToChatUsage } from '../chat/convert-to-chat-usage.js';
import { convertSimulatedUsage } from './convert-simulated-usage.js';
import { mapSimulatedFinishReason } from './map-simulated-finish-reason.js';
import type { SimulatedPiece, SimulatedTally } from './simulated-api.js';

export interface SimulatedAnswer {
  readonly completion: ChatCompletion;
  readonly tally: SimulatedTally;
  readonly characters: number;
}

/** All pieces of one call put together. */
export function convertSimulatedAnswer(
  pieces: readonly SimulatedPiece[],
  envelope: Pick<ChatCompletion, 'id' | 'object' | 'created' | 'model'>,
): SimulatedAnswer {
  const choices: ChatChoice[] = [];
  let tally: SimulatedTally = { read: 0, thought: 0, written: 0 };
  let characters = 0;
  for (const piece of pieces) {
    if (piece.kind === 'begin') choices[piece.answer] = emptyChoice(piece.answer);
    else if (piece.kind === 'tally') tally = piece.tally;
    else if (piece.kind !== 'fault') addTo(choices[piece.answer] as ChatChoice, piece);
    if ('text' in piece) characters += piece.text.length;
  }
  const completion = {
    ...envelope,
    choices,
    usage: convertToChatUsage(convertSimulatedUsage(tally)),
  };
  return { completion, tally, characters };
}

function emptyChoice(index: number): ChatChoice {
  return {
    index,
    message: { role: 'assistant', content: '', refusal: null },
    logprobs: null,
    finish_reason: 'stop',
  };
}

type Content = Extract<SimulatedPiece, { kind: 'thought' | 'text' | 'call' | 'input' | 'end' }>;

function addTo(choice: ChatChoice, piece: Content): void {
  const { message } = choice;
  switch (piece.kind) {
    case 'thought':
      message.reasoning_content = (message.reasoning_content ?? '') + piece.text;
      break;
    case 'text':
      message.content = (message.content ?? '') + piece.text;
      break;
    case 'call':
      message.content = null;
      (message.tool_calls ??= []).push({
        id: piece.id,
        type: 'function',
        function: { name: piece.tool, arguments: '' },
      });
      break;
    case 'input': {
      const call = message.tool_calls?.[piece.position];
      if (call?.function) call.function.arguments += piece.text;
      break;
    }
    case 'end':
      choice.finish_reason = mapSimulatedFinishReason(piece.why);
  }
}
