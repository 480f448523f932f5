import type { ApiError } from '../../common/errors/api-error.js';
import type { NativeRecord } from '../../providers/contract/native.js';
import type { AnswerEnd } from '../answer-stream.js';
import { withCost } from '../with-cost.js';
import type { StreamedResponse } from './responses-writer.js';
import type { ResponsesFrame } from './responses-stream.js';
import type { ResponsesResponse } from './responses-api.js';

const ENDS = new Set(['response.completed', 'response.incomplete']);
const SEQUENCE_NUMBER = /"sequence_number"\s*:\s*(\d+)/;

/** A stream that its vendor wrote: its events go on as they are, and the last one when it may, with its cost. */
export class NativeStream implements StreamedResponse<NativeRecord> {
  #first: string | undefined;
  #latest: string | undefined;
  #held: ResponsesFrame | undefined;

  get response(): ResponsesResponse | undefined {
    return this.#held && responseOf(this.#held.data);
  }

  delta({ event, data }: NativeRecord): ResponsesFrame[] {
    this.#first ??= data;
    const frame = { event, data };
    if (ENDS.has(event)) {
      this.#held = frame;
      return [];
    }
    this.#latest = data;
    return [frame];
  }

  complete({ costNanoUsd }: Pick<AnswerEnd, 'costNanoUsd'>): ResponsesFrame[] {
    if (this.#held === undefined) return [];
    const { event, data } = this.#held;
    this.#held = { event, data: withCost(data, costNanoUsd, ['response']) };
    return [this.#held];
  }

  withdrawEnd(): void {
    this.#held = undefined;
  }

  /** Told here, in the vendor's place: its numbers go on. */
  fail({ message, param, type, wireCode }: ApiError): ResponsesFrame[] {
    const code = wireCode ?? 'server_error';
    const last = SEQUENCE_NUMBER.exec(this.#latest ?? '')?.[1] ?? '-1';
    const begun = this.#first === undefined ? undefined : responseOf(this.#first);
    const response = { ...begun, status: 'failed', error: { code, message } };
    const told = { type: 'error', code, message, param, error: { type, code, message, param } };
    return [told, { type: 'response.failed', response }].map(
      ({ type: event, ...members }, index) => {
        const number = Number(last) + 1 + index;
        const data = JSON.stringify({ type: event, sequence_number: number, ...members });
        return { event, data };
      },
    );
  }
}

function responseOf(json: string): ResponsesResponse | undefined {
  return (JSON.parse(json) as { response?: ResponsesResponse }).response;
}
