import type { ResponsesItem } from '../responses-api.js';
import type { ResponsesHistory, StoredResponse } from '../input/responses-history.js';
import type { ResponseStore } from './response-store.js';

/** What one client said and was answered before, and which vendors know of it. For one request. */
export class ClientHistory implements ResponsesHistory {
  readonly #homes = new Set<string | null>();
  #isWhole = true;

  constructor(
    private readonly store: ResponseStore,
    private readonly clientId: string,
  ) {}

  /** Whether the request refers to anything. */
  get isReferredTo(): boolean {
    return this.#homes.size > 0;
  }

  /** False when something that was referred to is known to its vendor only. */
  get isWhole(): boolean {
    return this.#isWhole;
  }

  /** The provider instance whose vendor knows all that the request refers to. */
  get home(): string | undefined {
    const [only] = this.#homes;
    return this.#homes.size === 1 && only !== null ? only : undefined;
  }

  async find(responseId: string): Promise<StoredResponse | undefined> {
    const found = await this.store.find(this.clientId, responseId);
    if (found === undefined) return undefined;
    const whole = await this.#conversation(responseId);
    if (whole === undefined && found.instance === null) return undefined;
    this.#homes.add(found.instance);
    if (whole === undefined) this.#isWhole = false;
    return whole ?? { input: [], output: [] };
  }

  async findItem(itemId: string): Promise<ResponsesItem | undefined> {
    const found = await this.store.findOfItem(this.clientId, itemId);
    if (found === undefined) return undefined;
    const item = found.kept?.response.output.find(({ id }) => id === itemId);
    if (item === undefined && found.instance === null) return undefined;
    this.#homes.add(found.instance);
    if (item === undefined) this.#isWhole = false;
    return item ?? { type: 'item_reference', id: itemId };
  }

  async #conversation(responseId: string): Promise<StoredResponse | undefined> {
    const responses = await this.store.findConversation(this.clientId, responseId);
    const last = responses?.pop();
    if (last?.kept === undefined) return undefined;
    const input: ResponsesItem[] = [];
    for (const { kept } of responses ?? []) {
      if (kept === undefined) return undefined;
      input.push(...kept.input, ...kept.response.output);
    }
    return { input: [...input, ...last.kept.input], output: last.kept.response.output };
  }
}
