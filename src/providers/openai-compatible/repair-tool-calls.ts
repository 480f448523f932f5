import { isObject, type JsonObject } from './openai-api.js';
import { argumentsText } from './repair-message.js';

interface Call {
  readonly index: number;
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
  repair(pieces: readonly unknown[]): boolean {
    let changed = false;
    for (const piece of pieces.filter(isObject)) {
      if (piece['type'] !== undefined && piece['type'] !== null && piece['type'] !== 'function') {
        continue;
      }
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
    const before = JSON.stringify(piece);
    const tool = isObject(piece['function']) ? piece['function'] : {};
    piece['function'] = tool;
    const text = argumentsText(tool['arguments']);
    if (text === undefined) delete tool['arguments'];
    else tool['arguments'] = text;

    const known = this.#find(piece, tool);
    const call = known ?? this.#begin(piece, tool);
    if (text) call.hasArguments = true;
    piece['index'] = call.index;
    if (known) {
      delete piece['id'];
      delete tool['name'];
    }
    return JSON.stringify(piece) !== before;
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
    const call: Call = { index, vendorId, name: text(tool['name']), hasArguments: false };
    this.#calls.push(call);
    const vendorIndex = wholeNumber(piece['index']);
    if (vendorIndex !== undefined) this.#byVendorIndex.set(vendorIndex, call);
    piece['id'] = vendorId ?? this.mintId(index);
    piece['type'] = 'function';
    return call;
  }
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function wholeNumber(value: unknown): number | undefined {
  return Number.isInteger(value) ? (value as number) : undefined;
}
