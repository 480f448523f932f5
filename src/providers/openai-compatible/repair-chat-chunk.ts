import type { Target } from '../contract/target.js';
import { mapOpenAiFinishReason } from './map-openai-finish-reason.js';
import {
  choicesOf,
  isObject,
  objectsIn,
  type JsonObject,
  type OpenAiChoice,
  type OpenAiChunk,
} from './openai-api.js';
import type { ChunkRepair } from './openai-stream-reader.js';
import { Envelope } from './repair-envelope.js';
import { drop, flattenContent, nameReasoning, numberPieces, put } from './repair-message.js';
import { ToolCallRepair } from './repair-tool-calls.js';
import { hasMember, hasValueStartingWith, saysSomething } from './scan-chunk.js';

interface ChoiceState {
  hasRole: boolean;
  ended: boolean;
  readonly toolCalls: ToolCallRepair;
}

/**
 * Puts right, chunk by chunk, what strict clients stumble over in the streams of less careful
 * vendors. What is healthy stays as it came, and most chunks are judged by a look at their text.
 */
export class RepairChatChunk implements ChunkRepair {
  /** The vendor leaves out or changes what every chunk must have, so every chunk is parsed. */
  #isCareless = false;
  readonly #envelope: Envelope;
  readonly #choices = new Map<number, ChoiceState>();
  readonly #target: Target;

  constructor(target: Target) {
    this.#target = target;
    this.#envelope = new Envelope('chat.completion.chunk', target);
  }

  suspects(json: string): boolean {
    return (
      this.#isCareless ||
      !this.#envelope.isShownBy(json) ||
      !hasMember(json, 'delta"') ||
      !hasMember(json, 'finish_reason"') ||
      saysSomething(json, 'tool_calls"') ||
      saysSomething(json, 'role"') ||
      saysSomething(json, 'reasoning"') ||
      saysSomething(json, 'reasoning_details"') ||
      saysSomething(json, 'annotations"') ||
      saysSomething(json, 'images"') ||
      hasValueStartingWith(json, 'content"', '[') ||
      hasValueStartingWith(json, 'finish_reason"', '""')
    );
  }

  repair(chunk: OpenAiChunk): boolean {
    const hadList = Array.isArray(chunk.choices);
    if (!hadList) chunk.choices = [];
    const choices = choicesOf(chunk);
    // A chunk of annotations ahead of the answer has no id or model worth copying.
    if (choices.length === 0 && !isObject(chunk.usage)) return !hadList;

    let changed = this.#envelope.repair(chunk);
    choices.forEach((choice, position) => {
      changed = this.#repairIndex(choice, position) || changed;
    });
    if (changed) this.#isCareless = true;
    for (const choice of choices) changed = this.#repairChoice(choice) || changed;
    return changed || !hadList;
  }

  missingEnd(): OpenAiChunk | undefined {
    const open = [...this.#choices].filter(([, state]) => !state.ended);
    if (open.length === 0) return undefined;
    const choices = open.map(([index, state]) => {
      const choice = { index, delta: {}, logprobs: null, finish_reason: 'stop' };
      repairFinish(choice, choice.delta, state);
      return choice;
    });
    return this.#envelope.wrap(choices);
  }

  #repairIndex(choice: OpenAiChoice, position: number): boolean {
    if (Number.isInteger(choice.index)) return false;
    choice.index = position;
    return true;
  }

  #repairChoice(choice: OpenAiChoice): boolean {
    const state = this.#stateOf(choice.index as number);
    const isMisplaced = !isObject(choice.delta);
    if (isMisplaced) {
      choice.delta = isObject(choice.message) ? choice.message : {};
      delete choice.message;
    }
    const delta = choice.delta as JsonObject;
    let changed = isMisplaced;
    changed = repairRole(delta, state) || changed;
    changed = flattenContent(delta) || changed;
    changed = nameReasoning(delta) || changed;
    changed = numberPieces(delta) || changed;
    changed = state.toolCalls.repair(delta['tool_calls']) || changed;
    return repairFinish(choice, delta, state) || changed;
  }

  #stateOf(index: number): ChoiceState {
    let state = this.#choices.get(index);
    if (!state) {
      const mintId = (call: number) => `call_${this.#target.requestId}_${index}_${call}`;
      state = { hasRole: false, ended: false, toolCalls: new ToolCallRepair(mintId) };
      this.#choices.set(index, state);
    }
    return state;
  }
}

/** Once, and in the first chunk: clients refuse an answer without it and add up repetitions. */
function repairRole(delta: JsonObject, state: ChoiceState): boolean {
  if (state.hasRole) return Boolean(delta['role']) && drop(delta, 'role');
  state.hasRole = true;
  return put(delta, 'role', 'assistant');
}

function repairFinish(choice: OpenAiChoice, delta: JsonObject, state: ChoiceState): boolean {
  if (choice.finish_reason === null) return false;
  if (choice.finish_reason === undefined) return put(choice, 'finish_reason', null);
  const reason = mapOpenAiFinishReason(choice.finish_reason);
  const calling = reason === 'stop' && state.toolCalls.any;
  const changed = put(choice, 'finish_reason', calling ? 'tool_calls' : reason);
  if (reason === null) return changed;

  state.ended = true;
  const missing = state.toolCalls.missingArguments();
  if (missing.length === 0) return changed;
  return put(delta, 'tool_calls', [...objectsIn(delta['tool_calls']), ...missing]);
}
