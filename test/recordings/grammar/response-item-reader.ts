import { isDeepStrictEqual } from 'node:util';
import type { Breaches } from './breaches.js';

export interface ResponseItem {
  readonly id?: string;
  readonly type: string;
  readonly call_id?: string;
  readonly [member: string]: unknown;
}

export interface ResponseEvent {
  readonly type: string;
  readonly sequence_number?: number;
  readonly output_index?: number;
  readonly item_id?: string;
  readonly item?: ResponseItem;
  readonly response?: Record<string, unknown>;
  readonly [member: string]: unknown;
}

/** Where an event says what its deltas add up to. */
const WHOLE_TEXTS = ['text', 'refusal', 'arguments', 'input', 'code', 'diff', 'command'] as const;

/** The events of parts, and where their item has them. */
const PARTS: Readonly<Record<string, { index: string; list: string }>> = {
  content_part: { index: 'content_index', list: 'content' },
  reasoning_summary_part: { index: 'summary_index', list: 'summary' },
};

/** Follows one output item from added to done. */
export class ResponseItemReader {
  /** As it was told last. */
  item: ResponseItem;
  #isDone = false;
  /** By kind and place, what the deltas add up to. */
  readonly #texts = new Map<string, string>();
  /** What the whole item will have to say. */
  readonly #members = new Map<string, unknown>();
  readonly #parts: Record<string, { part: unknown; isOpen: boolean }[]> = {};
  readonly #annotations: unknown[] = [];

  constructor(
    added: ResponseEvent,
    private readonly breaches: Breaches,
  ) {
    this.item = added.item!;
    breaches.check(Boolean(this.item.id), 'an item has an id', this.item);
    const isOther = this.item.call_id === undefined || this.item.call_id !== this.item.id;
    breaches.check(isOther, 'the id of a call is not that of its item', this.item);
  }

  get id(): string | undefined {
    return this.item.id;
  }

  read(event: ResponseEvent): void {
    const { breaches } = this;
    breaches.check(!this.#isDone, 'nothing of an item after it is done', event);
    if (event.type === 'response.output_item.done') return this.#finish(event.item!);
    breaches.check(event.item_id === this.id, 'stable ids of items', event);
    const [, name = '', step = ''] = /^response\.(.+)\.(\w+)$/.exec(event.type) ?? [];
    if (name in PARTS) return this.#readPart(name, step, event);
    if (step === 'delta' || step === 'done') return this.#readText(name, step, event);
    if (name !== 'output_text.annotation') return;
    const index = event['annotation_index'];
    breaches.check(index === this.#annotations.length, 'dense indexes of annotations', event);
    this.#annotations.push(event['annotation']);
  }

  end(): void {
    this.breaches.check(this.#isDone, 'every item is told to be done', this.item);
  }

  #readText(name: string, step: string, event: ResponseEvent): void {
    const { breaches } = this;
    const place = (event['content_index'] ?? event['summary_index'] ?? '') as number | '';
    const key = `${name} ${place}`;
    const list = name.startsWith('reasoning_summary') ? 'summary' : 'content';
    const isInOpenPart = place === '' || this.#parts[list]?.[place]?.isOpen === true;
    breaches.check(isInOpenPart, 'a text belongs to an open part', event);
    if (step === 'delta') {
      const delta = event['delta'];
      breaches.check(typeof delta === 'string', 'a delta is text', event);
      this.#texts.set(key, (this.#texts.get(key) ?? '') + String(delta));
      return;
    }
    const member = WHOLE_TEXTS.find((each) => each in event);
    const whole = member === undefined ? undefined : event[member];
    breaches.check(whole === (this.#texts.get(key) ?? ''), 'a text is what its deltas add up to', {
      event,
      deltas: this.#texts.get(key),
    });
    if (place === '' && member !== undefined) this.#members.set(member, whole);
  }

  #readPart(name: string, step: string, event: ResponseEvent): void {
    const { breaches } = this;
    const { index, list } = PARTS[name]!;
    const parts = (this.#parts[list] ??= []);
    const place = event[index] as number;
    if (step === 'added') {
      breaches.check(place === parts.length, 'dense indexes of parts', event);
      breaches.check(!parts.some(({ isOpen }) => isOpen), 'one part is open at a time', event);
      parts.push({ part: event['part'], isOpen: true });
      return;
    }
    const open = parts[place];
    breaches.check(open?.isOpen === true, 'a part is closed once', event);
    if (open) Object.assign(open, { part: event['part'], isOpen: false });
  }

  #finish(item: ResponseItem): void {
    const { breaches } = this;
    const isSame = item.id === this.id && item.type === this.item.type;
    breaches.check(isSame && item.call_id === this.item.call_id, 'stable ids of items', item);
    for (const [list, parts] of Object.entries(this.#parts)) {
      const told = parts.map(({ part }) => part);
      breaches.check(!parts.some(({ isOpen }) => isOpen), 'every part is closed', item);
      breaches.check(isDeepStrictEqual(item[list], told), 'an item is what its parts add up to', {
        item,
        told,
      });
    }
    for (const [member, whole] of this.#members) {
      const isSaid = !(member in item) || item[member] === whole;
      breaches.check(isSaid, 'an item says what its events said', { item, whole });
    }
    this.item = item;
    this.#isDone = true;
  }
}
