import { isObject, objectsIn, type JsonObject } from './openai-api.js';
import { argumentsText, drop, put } from './repair-message.js';

interface Call {
  readonly index: number;
  readonly id: string;
  readonly vendorId: string | undefined;
  readonly name: string | undefined;
  hasArguments: boolean;
}

/**
 * The tool calls of one choice of one stream. Clients join the pieces by `index` and add strings
 * up, so each call needs its own index, and its id, type and name exactly once.
 */
export class ToolCallRepair {
  readonly #calls: Call[] = [];
  readonly #byVendorIndex = new Map<number, Call>();

  constructor(private readonly mintId: (index: number) => string) {}

  get any(): boolean {
    return this.#calls.length > 0;
  }

  /** Changes the pieces in place; true when it did. */
  repair(pieces: unknown): boolean {
    let changed = false;
    for (const piece of objectsIn(pieces)) {
      // Other kinds of tools have members of their own.
      if ((piece['type'] ?? 'function') !== 'function') continue;
      changed = this.#repairPiece(piece) || changed;
    }
    return changed;
  }

  /** Pieces that give calls without any arguments the empty object that they mean. */
  missingArguments(): JsonObject[] {
    const bare = this.#calls.filter((call) => !call.hasArguments);
    return bare.map((call) => {
      call.hasArguments = true;
      return { index: call.index, function: { arguments: '{}' } };
    });
  }

  #repairPiece(piece: JsonObject): boolean {
    const isBare = !isObject(piece['function']);
    if (isBare) piece['function'] = {};
    const tool = piece['function'] as JsonObject;
    const text = argumentsText(tool['arguments']);
    let changed = text === undefined ? drop(tool, 'arguments') : put(tool, 'arguments', text);

    const known = this.#find(piece, tool);
    const call = known ?? this.#begin(piece, tool);
    if (text) call.hasArguments = true;
    changed = put(piece, 'index', call.index) || changed;
    if (known) {
      changed = drop(piece, 'id') || changed;
      changed = drop(piece, 'type') || changed;
      changed = drop(tool, 'name') || changed;
    } else {
      changed = put(piece, 'id', call.id) || changed;
      changed = put(piece, 'type', 'function') || changed;
    }
    return changed || isBare;
  }

  /** The call that this piece continues, or undefined when it begins another. */
  #find(piece: JsonObject, tool: JsonObject): Call | undefined {
    const id = text(piece['id']);
    const name = text(tool['name']);
    const vendorIndex = wholeNumber(piece['index']);
    if (vendorIndex === undefined) {
      if (id !== undefined) return this.#calls.find((call) => call.vendorId === id);
      const last = this.#calls.at(-1);
      return name === undefined || name === last?.name ? last : undefined;
    }
    const call = this.#byVendorIndex.get(vendorIndex);
    // Some vendors number every parallel call 0.
    const isAnother = id !== undefined && name !== undefined && id !== call?.vendorId;
    return isAnother ? undefined : call;
  }

  #begin(piece: JsonObject, tool: JsonObject): Call {
    const index = this.#calls.length;
    const vendorId = text(piece['id']);
    const id = vendorId ?? this.mintId(index);
    const call: Call = { index, id, vendorId, name: text(tool['name']), hasArguments: false };
    this.#calls.push(call);
    const vendorIndex = wholeNumber(piece['index']);
    if (vendorIndex !== undefined) this.#byVendorIndex.set(vendorIndex, call);
    return call;
  }
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function wholeNumber(value: unknown): number | undefined {
  return Number.isInteger(value) ? (value as number) : undefined;
}
