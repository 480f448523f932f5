import type { ApiError } from '../../common/errors/api-error.js';
import type { ChatDelta } from '../../providers/chat/chat.js';
import type { NativeRecord } from '../../providers/contract/native.js';
import type { AnswerEnd, AnswerWriter } from '../answer-stream.js';
import type { EventStream } from '../event-stream.js';
import { withCost } from '../with-cost.js';
import type { MessagesStream } from './messages-stream.js';

interface Frame {
  readonly event: string;
  readonly data: string;
}

/** Writes a stream of messages: told anew from canonical chunks, or the vendor's own records. */
export class MessagesWriter implements AnswerWriter<ChatDelta | NativeRecord> {
  /** Of a vendor's own stream: the end, which waits for the ledger. */
  #last: Frame[] = [];

  constructor(
    private readonly events: EventStream,
    private readonly stream: MessagesStream,
    private readonly requestId: string,
  ) {}

  delta(step: ChatDelta | NativeRecord): void {
    if (step.kind === 'record') this.#relay(step);
    else for (const event of this.stream.delta(step)) this.events.send(event);
  }

  async complete(
    { usage, costNanoUsd }: AnswerEnd,
    beforeLast: () => Promise<void> | undefined,
  ): Promise<void> {
    const last: readonly Frame[] = this.#last.length > 0 ? this.#last : this.stream.finish(usage);
    await this.events.end(
      last.map(({ event, data }) => {
        return { event, data: event === 'message_delta' ? withCost(data, costNanoUsd) : data };
      }),
      beforeLast,
    );
  }

  async fail(error: ApiError): Promise<void> {
    // A `message_stop` would say that all is well.
    this.#last = this.#last.filter(({ event }) => event !== 'message_stop');
    this.#release();
    await this.events.end(this.stream.fail(error, this.requestId));
  }

  #relay({ event, data }: NativeRecord): void {
    if (event !== 'message_stop') this.#release();
    const isEnd = event === 'message_delta' || event === 'message_stop';
    if (isEnd) this.#last.push({ event, data });
    else this.events.send({ event, data });
  }

  #release(): void {
    for (const frame of this.#last) this.events.send(frame);
    this.#last = [];
  }
}
