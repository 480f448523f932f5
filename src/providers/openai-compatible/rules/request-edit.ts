import type { JsonDocument } from '../../../common/json/json-document.js';
import {
  findMember,
  scanObject,
  withMembers,
  withoutMembers,
} from '../../../common/json/json-text.js';
import type { ChatCompletionRequest, ChatMessage } from '../../chat/chat-api.js';
import type { Target } from '../../contract/target.js';
import type { TranslationOutcome } from '../../contract/translation.js';

type Change = { readonly value: unknown } | { readonly copyOf: string } | 'removed';

/** Changes to single members of a request; every other byte stays as the client sent it. */
export class RequestEdit {
  #changes: Map<string, Change> | undefined;
  readonly #body: JsonDocument<ChatCompletionRequest>;

  constructor(
    body: JsonDocument<ChatCompletionRequest>,
    readonly target: Target,
  ) {
    this.#body = body;
  }

  /** As it stands now. */
  get(name: string): unknown {
    const change = this.#changes?.get(name);
    if (change === undefined) {
      const { value } = this.#body;
      return Object.hasOwn(value, name) ? value[name] : undefined;
    }
    if (change === 'removed') return undefined;
    return 'value' in change ? change.value : this.#body.value[change.copyOf];
  }

  get messages(): readonly ChatMessage[] {
    return this.get('messages') as readonly ChatMessage[];
  }

  set(name: string, value: unknown): void {
    this.#change(name, { value });
  }

  remove(name: string): void {
    this.#change(name, 'removed');
  }

  /** The value keeps its text: a number may have more digits than a float. */
  rename(from: string, to: string): void {
    this.#change(to, { copyOf: from });
    this.remove(from);
  }

  note(field: string, outcome: TranslationOutcome, path?: string): void {
    this.target.translation.note(field, outcome, path);
  }

  /** JSON text of the request as it stands now. */
  get text(): string {
    const changes = this.#changes;
    if (changes === undefined) return this.#body.text;
    const text = this.#body.text;
    // How deep it may be was decided when it came in.
    const object = scanObject(text, { maxDepth: Infinity });
    const removed = new Set<string>();
    const members: Record<string, string> = {};
    for (const [name, change] of changes) {
      if (change === 'removed') removed.add(name);
      else if ('value' in change) members[name] = JSON.stringify(change.value);
      else {
        const source = findMember(object, change.copyOf);
        members[name] = source ? text.slice(source.valueStart, source.valueEnd) : 'null';
      }
    }
    if (removed.size === 0) return withMembers(text, object, members);
    const rest = withoutMembers(text, object, removed);
    return withMembers(rest, scanObject(rest, { maxDepth: Infinity }), members);
  }

  #change(name: string, change: Change): void {
    (this.#changes ??= new Map<string, Change>()).set(name, change);
  }
}
