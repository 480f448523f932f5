import type { ResponsesItem } from '../responses-api.js';
import type { ItemEvents } from './item-events.js';

/** An output item that is being written: it collects what it will be and the events that tell of it. */
export interface OutputItem {
  readonly events: ItemEvents;
  /** Nothing can be added to it once another item has begun. */
  readonly isWhole: boolean;
  /** What it became; undefined until it is closed. */
  readonly value: ResponsesItem | undefined;
  /** To be called once, and nothing may be added afterwards. */
  close(status: ItemStatus): void;
}

export type ItemStatus = 'completed' | 'incomplete';
