import { choicesOf, isObject, type OpenAiChunk } from '../openai-compatible/openai-api.js';
import type { ChunkRepair } from '../openai-compatible/openai-stream-reader.js';

/** Members that a chunk has for the sake of the protocol. */
const ENVELOPE: ReadonlySet<string> = new Set(['id', 'object', 'created', 'model', 'choices']);

/**
 * A stream begins with a chunk about the prompt that has neither id nor model. What it says goes
 * along with the next one, so that all chunks of an answer carry the same id.
 */
export class RepairAzureChunk implements ChunkRepair {
  #held: Record<string, unknown> | undefined;

  /** @param rest what every careless vendor needs */
  constructor(private readonly rest: ChunkRepair) {}

  holdsBack(chunk: OpenAiChunk): boolean {
    if (choicesOf(chunk).length > 0 || isObject(chunk.usage)) return false;
    const members = Object.entries(chunk).filter(
      ([name, value]) => !ENVELOPE.has(name) && value !== null,
    );
    if (members.length > 0) this.#held = { ...this.#held, ...Object.fromEntries(members) };
    return true;
  }

  suspects(json: string): boolean {
    return (
      this.#held !== undefined ||
      json.includes('"choices":[]') ||
      json.includes('"id":""') ||
      this.rest.suspects(json)
    );
  }

  repair(chunk: OpenAiChunk): boolean {
    const held = this.#held;
    if (held === undefined) return this.rest.repair(chunk);
    this.#held = undefined;
    for (const [name, value] of Object.entries(held)) chunk[name] ??= value;
    this.rest.repair(chunk);
    return true;
  }

  missingEnd(): OpenAiChunk | undefined {
    return this.rest.missingEnd();
  }
}
