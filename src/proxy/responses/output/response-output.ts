import type { ChatChunkChoice, ChatToolCallDelta } from '../../../providers/chat/chat-api.js';
import type { ReasoningDetail } from '../../../providers/chat/reasoning.js';
import type { ResponsesItem } from '../responses-api.js';
import type { ToolNames } from '../tool-names.js';
import { CallItem } from './call-item.js';
import { convertAnnotation } from './convert-annotation.js';
import { findImages } from './find-images.js';
import { ImageItem } from './image-item.js';
import { ItemEvents, type EventDraft } from './item-events.js';
import { MessageItem } from './message-item.js';
import type { OutputItem } from './output-item.js';
import { ReasoningItem, type ReasoningSettings } from './reasoning-item.js';

type Delta = ChatChunkChoice['delta'];

export interface OutputSettings extends ReasoningSettings {
  readonly tools: ToolNames;
}

const ID_PREFIXES = { function: 'fc', custom: 'ctc', local_shell: 'lsh' };

/**
 * The output items of a response, made of the deltas of a chat answer. Items are told one after the
 * other: what belongs to a later one waits until the one before it is whole.
 */
export class ResponseOutput {
  readonly #items: OutputItem[] = [];
  readonly #calls = new Map<number, CallItem>();
  #details: ReasoningDetail[] = [];
  #extraContents: [callId: string, extraContent: unknown][] = [];
  #annotations: object[] = [];
  /** The first item that is not told to its end. */
  #told = 0;

  constructor(private readonly settings: OutputSettings) {}

  /** @param logprobs of the text in this delta */
  add(delta: Delta, logprobs: readonly unknown[] = []): void {
    if (delta.reasoning_content) this.#reasoning().addText(delta.reasoning_content);
    this.#addDetails(delta['reasoning_details']);
    if (delta.content) this.#message().addText(delta.content, logprobs);
    if (delta.refusal) this.#message().addRefusal(delta.refusal);
    this.#addAnnotations(delta['annotations']);
    for (const base64 of findImages(delta['images'])) {
      this.#append('ig', (events) => new ImageItem(events, base64));
    }
    for (const [position, call] of (delta.tool_calls ?? []).entries()) {
      this.#addCall(call, call.index ?? position);
    }
  }

  /** @param isCut the answer ended before the model was done, so that its last item is not whole */
  finish(isCut: boolean): void {
    if (this.#items.length === 0) this.#message();
    const last = this.#items.at(-1);
    this.#carryState();
    for (const item of this.#items) {
      if (item.value !== undefined) continue;
      const isBroken = isCut && (item === last || !item.isWhole);
      item.close(isBroken ? 'incomplete' : 'completed');
    }
  }

  /** The items that are closed. */
  get items(): ResponsesItem[] {
    return this.#items.flatMap<ResponsesItem>(({ value }) => value ?? []);
  }

  /** The events that can be told by now and were not yet. */
  takeEvents(): EventDraft[] {
    const events: EventDraft[] = [];
    for (; this.#told < this.#items.length; this.#told += 1) {
      const item = this.#items[this.#told] as OutputItem;
      const isLast = this.#told === this.#items.length - 1;
      if (!isLast && item.value === undefined && item.isWhole) item.close('completed');
      events.push(...item.events.take());
      if (item.value === undefined) break;
    }
    return events;
  }

  #addDetails(details: unknown): void {
    if (!Array.isArray(details) || details.length === 0) return;
    const last = this.#items.at(-1);
    if (last instanceof ReasoningItem) last.addDetails(details as ReasoningDetail[]);
    else this.#details.push(...(details as ReasoningDetail[]));
  }

  #addAnnotations(annotations: unknown): void {
    if (!Array.isArray(annotations)) return;
    this.#annotations.push(...annotations.flatMap((one) => convertAnnotation(one) ?? []));
    const last = this.#items.at(-1);
    if (last instanceof MessageItem) this.#annotate(last);
  }

  #addCall({ id, function: tool, extra_content: extraContent }: ChatToolCallDelta, index: number) {
    let call = this.#calls.get(index);
    const callId = call?.callId ?? id ?? `call_${this.#idOf('fc')}`;
    if (extraContent != null) this.#addExtraContent(callId, extraContent);
    if (call === undefined) {
      this.#carryState();
      const known = this.settings.tools.find(tool?.name ?? '');
      const prefix = ID_PREFIXES[known.kind];
      call = this.#append(prefix, (events) => new CallItem(events, callId, known));
      this.#calls.set(index, call);
    }
    call.addArguments(tool?.arguments ?? '');
  }

  #addExtraContent(callId: string, extraContent: unknown): void {
    const last = this.#items.at(-1);
    if (last instanceof ReasoningItem) last.addExtraContent(callId, extraContent);
    else this.#extraContents.push([callId, extraContent]);
  }

  #reasoning(): ReasoningItem {
    const last = this.#items.at(-1);
    if (last instanceof ReasoningItem) return last;
    const item = this.#append('rs', (events) => new ReasoningItem(events, this.settings));
    item.addDetails(this.#details);
    for (const [callId, extraContent] of this.#extraContents) {
      item.addExtraContent(callId, extraContent);
    }
    this.#details = [];
    this.#extraContents = [];
    return item;
  }

  /** What has to come back but belongs to no reasoning that was told gets an item of its own. */
  #carryState(): void {
    if (this.#details.length + this.#extraContents.length > 0) this.#reasoning();
  }

  #message(): MessageItem {
    const last = this.#items.at(-1);
    if (last instanceof MessageItem) return last;
    this.#carryState();
    const item = this.#append('msg', (events) => new MessageItem(events));
    this.#annotate(item);
    return item;
  }

  #annotate(message: MessageItem): void {
    for (const annotation of this.#annotations) message.addAnnotation(annotation);
    this.#annotations = [];
  }

  #append<T extends OutputItem>(prefix: string, make: (events: ItemEvents) => T): T {
    const item = make(new ItemEvents(this.#idOf(prefix), this.#items.length));
    this.#items.push(item);
    return item;
  }

  #idOf(prefix: string): string {
    return `${prefix}_${this.settings.responseId.replace(/^resp_/, '')}_${this.#items.length}`;
  }
}
