import type { ResponsesItem } from '../responses-api.js';
import { CUSTOM_INPUT, LOCAL_SHELL, type ToolName } from '../tool-names.js';
import type { ItemEvents } from './item-events.js';
import { shellActionOf } from './shell-action.js';
import type { ItemStatus, OutputItem } from './output-item.js';

/** A call of a function, or of a custom tool that the model knows as a function with one text. */
export class CallItem implements OutputItem {
  value: ResponsesItem | undefined;
  #arguments = '';
  /** Characters that were looked at and found not to be whole. */
  #looked = 0;
  #isWhole = false;

  constructor(
    readonly events: ItemEvents,
    /** The id by which the client sends the result; not the item's own. */
    readonly callId: string,
    private readonly tool: ToolName,
  ) {
    events.added(this.#item('in_progress', ''));
  }

  /** Calls of one answer may arrive by turns: one is whole when its arguments are. */
  get isWhole(): boolean {
    const text = this.#arguments;
    if (!this.#isWhole && text.length > this.#looked) {
      this.#looked = text.length;
      this.#isWhole = isWholeObject(text);
    }
    return this.#isWhole;
  }

  addArguments(delta: string): void {
    // Only white space can follow an object.
    if (delta === '' || this.value !== undefined) return;
    this.#arguments += delta;
    if (this.tool.kind === 'function') {
      this.events.push('function_call_arguments.delta', { delta });
    }
  }

  close(status: ItemStatus): void {
    if (status === 'completed' && this.#arguments.trim() === '') this.addArguments('{}');
    if (this.#isCustom) this.#closeCustom(status);
    else if (this.tool.kind === LOCAL_SHELL) this.value = this.#item(status, this.#arguments);
    else {
      const { tool } = this;
      this.events.push('function_call_arguments.done', {
        name: tool.name,
        arguments: this.#arguments,
      });
      this.value = this.#item(status, this.#arguments);
    }
    this.events.done(this.value as ResponsesItem);
  }

  get #isCustom(): boolean {
    return this.tool.kind === 'custom';
  }

  /** The text is inside of JSON, so it is known when that is whole. */
  #closeCustom(status: ItemStatus): void {
    const input = inputOf(this.#arguments);
    if (input !== '') this.events.push('custom_tool_call_input.delta', { delta: input });
    this.events.push('custom_tool_call_input.done', { input });
    this.value = this.#item(status, input);
  }

  #item(status: string, text: string): ResponsesItem {
    const { kind, name, namespace } = this.tool;
    if (kind === LOCAL_SHELL) {
      return {
        id: this.events.id,
        type: 'local_shell_call',
        status,
        call_id: this.callId,
        action: shellActionOf(text),
      };
    }
    return {
      id: this.events.id,
      type: this.#isCustom ? 'custom_tool_call' : 'function_call',
      status,
      call_id: this.callId,
      name,
      ...(namespace !== undefined && { namespace }),
      [this.#isCustom ? 'input' : 'arguments']: text,
    };
  }
}

function isWholeObject(text: string): boolean {
  if (!text.trimEnd().endsWith('}')) return false;
  return typeof parseOrUndefined(text) === 'object';
}

/** A model that does not keep to the form has still said something. */
function inputOf(text: string): string {
  const value = parseOrUndefined(text);
  if (typeof value === 'string') return value;
  if (typeof value !== 'object' || value === null) return text;
  if (!Object.hasOwn(value, CUSTOM_INPUT)) return Object.keys(value).length === 0 ? '' : text;
  const input = (value as Record<string, unknown>)[CUSTOM_INPUT];
  return typeof input === 'string' ? input : JSON.stringify(input);
}

function parseOrUndefined(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
