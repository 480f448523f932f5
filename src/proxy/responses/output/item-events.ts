import type { ResponsesItem } from '../responses-api.js';

/** An event of a response's stream, without its place in it. */
export interface EventDraft {
  readonly type: string;
  readonly [member: string]: unknown;
}

/** The events of one output item, kept until it is the item's turn to be told. */
export class ItemEvents {
  #events: EventDraft[] = [];

  /** @param outputIndex the item's place in the response's `output` */
  constructor(
    readonly id: string,
    private readonly outputIndex: number,
  ) {}

  /** Drafts may be told much later, so an item that still changes must be copied for them. */
  added(item: ResponsesItem): void {
    this.#events.push({
      type: 'response.output_item.added',
      output_index: this.outputIndex,
      item,
    });
  }

  push(name: string, members: object): void {
    this.#events.push({
      type: `response.${name}`,
      item_id: this.id,
      output_index: this.outputIndex,
      ...members,
    });
  }

  done(item: ResponsesItem): void {
    this.#events.push({ type: 'response.output_item.done', output_index: this.outputIndex, item });
  }

  take(): EventDraft[] {
    const events = this.#events;
    this.#events = [];
    return events;
  }
}
