import type { ChatDelta } from '../../providers/chat/chat.js';
import type {
  ChatChunkChoice,
  ChatToolCall,
  ChatToolCallDelta,
} from '../../providers/chat/chat-api.js';
import { asTurn, objectsIn, type ReasoningTurn } from './reasoning-turn.js';

/** Most chunks of a stream carry text only, and on the identity path nobody has parsed them. */
const MATTERS = /"(?:reasoning_content|reasoning_details|tool_calls|finish_reason)":\s*["[{]/;

interface Choice {
  content: string;
  readonly details: Piece[];
  readonly calls: Map<number, Call>;
}

/** A reasoning detail, which may come in several parts under one index. */
type Piece = Record<string, unknown>;

interface Call {
  id: string;
  name: string;
  arguments: string;
  extraContent: unknown;
}

/** Puts together what a stream tells of its reasoning and tool calls, choice by choice. */
export class ReasoningCollector {
  #choices: Map<number, Choice> | undefined = new Map();
  #left: number;

  /** @param maxCharacters beyond which nothing is collected any more */
  constructor(maxCharacters: number) {
    this.#left = maxCharacters;
  }

  /** The turns that this chunk completes. */
  add({ body }: ChatDelta): readonly ReasoningTurn[] {
    if (this.#choices === undefined || !MATTERS.test(body.text)) return [];
    const turns: ReasoningTurn[] = [];
    for (const each of objectsIn(body.value.choices) as ChatChunkChoice[]) {
      this.#collect(each);
      if (!each.finish_reason) continue;
      const turn = this.#finish(each.index);
      if (turn !== undefined) turns.push(turn);
    }
    return turns;
  }

  #collect({ index, delta }: ChatChunkChoice): void {
    if (typeof delta !== 'object' || delta === null || this.#choices === undefined) return;
    let choice = this.#choices.get(index);
    if (choice === undefined) {
      choice = { content: '', details: [], calls: new Map() };
      this.#choices.set(index, choice);
    }
    if (typeof delta.reasoning_content === 'string') {
      choice.content += delta.reasoning_content;
      this.#left -= delta.reasoning_content.length;
    }
    for (const piece of objectsIn(delta['reasoning_details'])) {
      this.#left -= addPiece(choice.details, piece as Piece);
    }
    for (const call of objectsIn(delta.tool_calls)) {
      this.#left -= addCall(choice.calls, call as ChatToolCallDelta);
    }
    if (this.#left < 0) this.#choices = undefined;
  }

  #finish(index: number): ReasoningTurn | undefined {
    const choice = this.#choices?.get(index);
    return choice && asTurn(choice.content, choice.details, [...choice.calls.values()].map(toCall));
  }
}

/** Texts that come in parts are joined by their index; everything else is a piece of its own. */
function addPiece(pieces: Piece[], part: Piece): number {
  const last = pieces.at(-1);
  const isMore = last !== undefined && last['index'] === part['index'] && isText(part);
  if (!isMore || last['type'] !== part['type']) {
    pieces.push({ ...part });
    return lengthOf(part);
  }
  for (const [name, value] of Object.entries(part)) {
    if (value === null || value === undefined) continue;
    const joins = name === 'text' || name === 'summary';
    last[name] = joins ? `${textOf(last[name])}${textOf(value)}` : value;
  }
  return lengthOf(part);
}

function isText({ type }: Piece): boolean {
  return type === 'reasoning.text' || type === 'reasoning.summary';
}

function addCall(calls: Map<number, Call>, delta: ChatToolCallDelta): number {
  let call = calls.get(delta.index);
  if (call === undefined) {
    call = { id: '', name: '', arguments: '', extraContent: undefined };
    calls.set(delta.index, call);
  }
  call.id ||= textOf(delta.id);
  call.name ||= textOf(delta.function?.name);
  const text = textOf(delta.function?.arguments);
  call.arguments += text;
  const extra = delta['extra_content'];
  if (extra === undefined || extra === null) return text.length;
  call.extraContent = extra;
  return text.length + JSON.stringify(extra).length;
}

function toCall({ id, name, arguments: text, extraContent }: Call): ChatToolCall {
  const call: ChatToolCall = { id, type: 'function', function: { name, arguments: text } };
  return extraContent === undefined ? call : { ...call, extra_content: extraContent };
}

function lengthOf(part: Piece): number {
  let length = 0;
  for (const value of Object.values(part)) length += textOf(value).length;
  return length;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
