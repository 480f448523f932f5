/** A tool as the client of the Responses API knows it. */
export interface ToolName {
  readonly kind: 'function' | 'custom' | 'local_shell';
  readonly name: string;
  readonly namespace?: string;
}

/** The one name that a tool has in the canonical form, which knows no namespaces. */
export function canonicalToolName(name: string, namespace?: string | null): string {
  if (!namespace) return name;
  return namespace.endsWith('__') ? namespace + name : `${namespace}__${name}`;
}

/** The one tool without a name that a client runs itself. */
export const LOCAL_SHELL = 'local_shell';

/** The member that holds a custom tool's text when the tool is offered as a function. */
export const CUSTOM_INPUT = 'input';

/** What the functions of the canonical form are to the client, so that its calls go back as it knows them. */
export class ToolNames {
  readonly #tools = new Map<string, ToolName>();

  /** False when another tool has the same canonical name, so that its calls could not be told apart. */
  add(tool: ToolName): boolean {
    const canonical = canonicalToolName(tool.name, tool.namespace);
    const known = this.#tools.get(canonical);
    if (known !== undefined) {
      return known.kind === tool.kind && known.namespace === tool.namespace;
    }
    this.#tools.set(canonical, tool);
    return true;
  }

  /** A name that was never offered is a function's: models make up names. */
  find(canonical: string): ToolName {
    return this.#tools.get(canonical) ?? { kind: 'function', name: canonical };
  }
}
