import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { tap, type MonoTypeOperatorFunction } from 'rxjs';
import { Configuration } from '../../config/configuration.js';
import type { ChatChunk, ChatResponse } from '../../providers/chat/chat.js';
import type { ChatChoice, ChatMessage, ChatToolCall } from '../../providers/chat/chat-api.js';
import type { RouteTarget } from '../../routing/route-target.js';
import { ReasoningCollector } from './reasoning-collector.js';
import { findReasoningTurn, objectsIn, type ReasoningTurn } from './reasoning-turn.js';
import { withReasoning, type KnownReasoning } from './with-reasoning.js';

/** A turn beyond it is not kept: more than a model reasons at a stretch. */
const LARGEST_TURN_BYTES = 2 * 1024 * 1024;
const BYTES_PER_CHARACTER = 2;
/** Of an entry, its key and its place in both maps. */
const BYTES_PER_CALL = 400;

/** Whose reasoning it is. What one model signed, another refuses, and so may another vendor. */
export interface ReasoningScope {
  readonly clientId: string;
  /** Provider type. */
  readonly type: string;
  readonly model: string;
}

interface Kept {
  readonly content: string;
  readonly details: readonly object[];
  readonly extraContents: ReadonlyMap<string, unknown>;
  readonly bytes: number;
}

/**
 * Keeps the reasoning of turns that called tools, for clients that send only the calls back. The
 * calls themselves are what it is found by: their id, name and arguments. Bounded in bytes and
 * time; what was used last stays longest.
 */
@Injectable()
export class ReasoningMemory {
  readonly #turns: LRUCache<string, Kept> | undefined;
  /** From each call of a turn to the one that the turn is kept under. */
  readonly #turnOf = new Map<string, string>();

  constructor(configuration: Configuration) {
    const { reasoningMemoryBytes, reasoningMemoryTtlSeconds } = configuration.environment;
    if (reasoningMemoryBytes === 0) return;
    this.#turns = new LRUCache<string, Kept>({
      maxSize: reasoningMemoryBytes,
      maxEntrySize: Math.min(reasoningMemoryBytes, LARGEST_TURN_BYTES),
      sizeCalculation: ({ bytes }) => bytes,
      ttl: reasoningMemoryTtlSeconds * 1000,
      // A loop of tool calls sends its whole history each time.
      updateAgeOnGet: true,
      dispose: (kept, turnKey) => this.#forget(kept, turnKey),
    });
  }

  get size(): number {
    return this.#turns?.size ?? 0;
  }

  /** The messages with what their client lost, or undefined when that is nothing. */
  restore(scope: ReasoningScope, messages: readonly ChatMessage[]): ChatMessage[] | undefined {
    if (this.size === 0) return undefined;
    return withReasoning(messages, (call) => this.#find(keyOf(scope, call)));
  }

  rememberAnswer(scope: ReasoningScope, { body }: ChatResponse): void {
    for (const choice of objectsIn(body.value.choices) as ChatChoice[]) {
      const turn = findReasoningTurn(choice);
      if (turn !== undefined) this.remember(scope, turn);
    }
  }

  /** Remembers as soon as a choice says that it is finished: a client may go on from there. */
  rememberStream(scope: ReasoningScope): MonoTypeOperatorFunction<ChatChunk> {
    const collector = new ReasoningCollector(LARGEST_TURN_BYTES / BYTES_PER_CHARACTER);
    return tap((chunk) => {
      if (chunk.kind === 'usage') return;
      for (const turn of collector.add(chunk)) this.remember(scope, turn);
    });
  }

  remember(scope: ReasoningScope, { content, details, calls }: ReasoningTurn): void {
    if (this.#turns === undefined) return;
    const extraContents = new Map(
      calls.map((call) => [keyOf(scope, call), call['extra_content']] as const),
    );
    const keys = [...extraContents.keys()];
    const turnKey = keys[0] as string;
    const told = JSON.stringify([content, details, [...extraContents.values()]]).length;
    const bytes = told * BYTES_PER_CHARACTER + keys.length * BYTES_PER_CALL;
    this.#turns.set(turnKey, { content, details, extraContents, bytes });
    if (!this.#turns.has(turnKey)) return;
    for (const key of keys) this.#turnOf.set(key, turnKey);
  }

  #find(callKey: string): KnownReasoning | undefined {
    const turnKey = this.#turnOf.get(callKey);
    const kept = turnKey === undefined ? undefined : this.#turns?.get(turnKey);
    if (kept === undefined) return undefined;
    const { content, details, extraContents } = kept;
    return { content, details, extraContent: extraContents.get(callKey) };
  }

  #forget({ extraContents }: Kept, turnKey: string): void {
    for (const key of extraContents.keys()) {
      // The same call may have come again with another turn.
      if (this.#turnOf.get(key) === turnKey) this.#turnOf.delete(key);
    }
  }
}

export function scopeOf(clientId: string, { instance, model }: RouteTarget): ReasoningScope {
  return { clientId, type: instance.type, model };
}

/**
 * With name and arguments, because some vendors count their ids from zero in every answer, and
 * another conversation's reasoning would be worse than none.
 */
function keyOf({ clientId, type, model }: ReasoningScope, call: ChatToolCall): string {
  const parts = [clientId, type, model, call.id, call.function?.name, argumentsOf(call)];
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64');
}

/** However a client writes them down: some parse and write them anew. */
function argumentsOf(call: ChatToolCall): string {
  const text = call.function?.arguments ?? '';
  try {
    return JSON.stringify(JSON.parse(text));
  } catch {
    return text;
  }
}
