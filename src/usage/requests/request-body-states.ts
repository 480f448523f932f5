import { Injectable } from '@nestjs/common';
import { BODY_KINDS, type BodyKind } from '../bodies/body-kinds.js';
import { BodyReader, type BodyFacts } from '../bodies/body-reader.js';
import { BodyRetention } from '../bodies/body-retention.service.js';
import type { UsageEntry } from '../usage-entry.js';

/**
 * What became of a body:
 * - `disabled`: nobody asked for it when the request came
 * - `not_captured`: it is no text, or too many waited to be written, or it is about to be
 * - `expired`: it was deleted by age
 * - `truncated`: only its beginning is kept
 * - `redacted`: it is kept, with something masked that looked like a key
 * - `stored`: it is kept as it was
 */
export const BODY_STATES = [
  'disabled',
  'not_captured',
  'expired',
  'truncated',
  'redacted',
  'stored',
] as const;
export type BodyState = (typeof BODY_STATES)[number];

export interface KnownBody {
  readonly kind: BodyKind;
  readonly state: BodyState;
  /** Of the whole body; null where it is not kept. */
  readonly bytes: number | null;
  /** Also where it is truncated. */
  readonly redacted: boolean;
}

/** Says of each body of a request why it can be read or not. */
@Injectable()
export class RequestBodyStates {
  constructor(
    private readonly bodies: BodyReader,
    private readonly retention: BodyRetention,
  ) {}

  async of(entry: UsageEntry): Promise<KnownBody[]> {
    const kept = await this.bodies.factsOf(entry.requestId);
    return BODY_KINDS.map((kind) => {
      const facts = kept.find((body) => body.kind === kind);
      return {
        kind,
        state: facts === undefined ? this.#stateOfMissing(entry) : stateOfKept(facts),
        bytes: facts?.bytes ?? null,
        redacted: facts?.redacted ?? false,
      };
    });
  }

  #stateOfMissing({ bodyLog, createdAt }: UsageEntry): BodyState {
    if (bodyLog !== true) return 'disabled';
    return createdAt < this.retention.horizonAt(Date.now()) ? 'expired' : 'not_captured';
  }
}

function stateOfKept({ truncated, redacted }: BodyFacts): BodyState {
  if (truncated) return 'truncated';
  return redacted ? 'redacted' : 'stored';
}
