import { ProviderError } from '../contract/provider-error.js';
import { objectsIn, type JsonObject } from '../openai-compatible/openai-api.js';

/** One step of a path: a member's name or an index. */
type Step = string | number;

const STEP = /\.([^.[\]]+)|\[(\d{1,5})\]|\[(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")\]/y;
const MAX_STEPS = 64;

/** The arguments of one function call, put together from the pieces that a stream sends of them. */
export class PartialArguments {
  readonly #root: JsonObject = emptyObject();
  /** Path of the text that goes on in the next piece. */
  #open: string | undefined;

  /** A call that comes whole has its arguments at once. */
  addWhole(args: JsonObject): void {
    for (const [name, value] of Object.entries(args)) this.#root[name] = value;
  }

  add(pieces: unknown): void {
    for (const piece of objectsIn(pieces)) {
      const path = piece['jsonPath'];
      if (typeof path !== 'string') throw unreadable();
      this.#set(parsePath(path), valueOf(piece), this.#open === path);
      this.#open = piece['willContinue'] === true ? path : undefined;
    }
  }

  toString(): string {
    return JSON.stringify(this.#root);
  }

  #set(steps: readonly Step[], value: unknown, continues: boolean): void {
    let node = this.#root as Record<Step, unknown>;
    for (const [index, step] of steps.slice(0, -1).entries()) {
      if (typeof node[step] !== 'object' || node[step] === null) {
        node[step] = typeof steps[index + 1] === 'number' ? [] : emptyObject();
      }
      node = node[step] as Record<Step, unknown>;
    }
    const last = steps.at(-1) as Step;
    const before = node[last];
    const goesOn = continues && typeof before === 'string' && typeof value === 'string';
    node[last] = goesOn ? before + value : value;
  }
}

/** Without a prototype, so that any name is a name. */
function emptyObject(): JsonObject {
  return Object.create(null) as JsonObject;
}

function parsePath(path: string): Step[] {
  const steps: Step[] = [];
  STEP.lastIndex = path.startsWith('$') ? 1 : 0;
  while (STEP.lastIndex < path.length) {
    const match = STEP.exec(path);
    if (!match || steps.length >= MAX_STEPS) throw unreadable();
    const [, name, index, single, double] = match;
    if (index !== undefined) steps.push(Number(index));
    else steps.push(name ?? (single ?? double ?? '').replaceAll(/\\(.)/g, '$1'));
  }
  if (steps.length === 0) throw unreadable();
  return steps;
}

function valueOf(piece: JsonObject): unknown {
  return piece['stringValue'] ?? piece['numberValue'] ?? piece['boolValue'] ?? null;
}

function unreadable(): ProviderError {
  return new ProviderError('invalid_response', 'The upstream sent arguments that cannot be read');
}
