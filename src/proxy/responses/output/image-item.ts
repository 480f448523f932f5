import type { ResponsesItem } from '../responses-api.js';
import type { ItemEvents } from './item-events.js';
import type { OutputItem } from './output-item.js';

/** An image that the model made, which arrives whole. */
export class ImageItem implements OutputItem {
  readonly isWhole = true;
  value: ResponsesItem | undefined;

  /** @param base64 without a `data:` prefix */
  constructor(
    readonly events: ItemEvents,
    private readonly base64: string,
  ) {
    events.added(this.#item('in_progress', null));
  }

  close(): void {
    this.value = this.#item('completed', this.base64);
    this.events.done(this.value);
  }

  #item(status: string, result: string | null): ResponsesItem {
    return { id: this.events.id, type: 'image_generation_call', status, result };
  }
}
