import { isObject, type JsonObject } from '../openai-compatible/openai-api.js';

/** A few references that each use the next one twice would write out more than fits anywhere. */
const MAX_REFERENCES = 500;

/** Resolves the references of one schema that point into itself, while somebody walks it. */
export class SchemaReferences {
  readonly #within = new Set<string>();
  #resolved = 0;

  constructor(private readonly root: JsonObject) {}

  /** Undefined for one that leads nowhere, into itself, or too far. */
  enter(reference: string): JsonObject | undefined {
    if (this.#within.has(reference) || this.#resolved >= MAX_REFERENCES) return undefined;
    const found = this.#find(reference);
    if (!found) return undefined;
    this.#within.add(reference);
    this.#resolved += 1;
    return found;
  }

  leave(reference: string): void {
    this.#within.delete(reference);
  }

  #find(reference: string): JsonObject | undefined {
    if (!reference.startsWith('#')) return undefined;
    let node: unknown = this.root;
    for (const name of reference.slice(1).split('/').slice(1)) {
      const key = name.replaceAll('~1', '/').replaceAll('~0', '~');
      if (!isObject(node) || !Object.hasOwn(node, key)) return undefined;
      node = node[key];
    }
    return isObject(node) ? node : undefined;
  }
}
