import type { ResponsesItem } from '../responses-api.js';
import type { ItemEvents } from './item-events.js';
import type { ItemStatus, OutputItem } from './output-item.js';

interface TextPart {
  readonly type: 'output_text';
  text: string;
  readonly annotations: unknown[];
  readonly logprobs: unknown[];
}

interface RefusalPart {
  readonly type: 'refusal';
  refusal: string;
}

type Part = TextPart | RefusalPart;

export class MessageItem implements OutputItem {
  readonly isWhole = true;
  value: ResponsesItem | undefined;
  readonly #parts: Part[] = [];

  constructor(readonly events: ItemEvents) {
    events.added(this.#item('in_progress', []));
  }

  addText(delta: string, logprobs: readonly unknown[]): void {
    const part = this.#textPart();
    part.text += delta;
    part.logprobs.push(...logprobs);
    this.#push('output_text.delta', { delta, logprobs });
  }

  addRefusal(delta: string): void {
    const last = this.#parts.at(-1);
    const part: RefusalPart =
      last?.type === 'refusal' ? last : this.#open({ type: 'refusal', refusal: '' });
    part.refusal += delta;
    this.#push('refusal.delta', { delta });
  }

  addAnnotation(annotation: object): void {
    const { annotations } = this.#textPart();
    this.#push('output_text.annotation.added', {
      annotation_index: annotations.length,
      annotation,
    });
    annotations.push(annotation);
  }

  close(status: ItemStatus): void {
    // A message without any part is more than some clients can read.
    if (this.#parts.length === 0) this.#textPart();
    this.#closePart();
    this.value = this.#item(status, this.#parts);
    this.events.done(this.value);
  }

  #textPart(): TextPart {
    const last = this.#parts.at(-1);
    if (last?.type === 'output_text') return last;
    return this.#open({ type: 'output_text', text: '', annotations: [], logprobs: [] });
  }

  #open<P extends Part>(part: P): P {
    this.#closePart();
    this.#parts.push(part);
    this.#push('content_part.added', { part: snapshot(part) });
    return part;
  }

  #closePart(): void {
    const part = this.#parts.at(-1);
    if (part === undefined) return;
    if (part.type === 'output_text') {
      const { text, logprobs } = part;
      this.#push('output_text.done', { text, logprobs });
    } else this.#push('refusal.done', { refusal: part.refusal });
    this.#push('content_part.done', { part });
  }

  #push(name: string, members: object): void {
    this.events.push(name, { content_index: this.#parts.length - 1, ...members });
  }

  #item(status: string, content: readonly Part[]): ResponsesItem {
    return { id: this.events.id, type: 'message', status, role: 'assistant', content };
  }
}

function snapshot(part: Part): Part {
  if (part.type === 'refusal') return { ...part };
  return { ...part, annotations: [], logprobs: [] };
}
