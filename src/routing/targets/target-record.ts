import { DecayingAverage } from './decaying-average.js';
import type { EndedCall } from './target-call.js';

/** Calls of the last minute or two say how a target does now. */
const HALF_LIFE_MS = 30_000;
/** An average that is worth less than this says nothing any more: after some four minutes. */
const LEAST_WEIGHT = 1 / 256;

/** What the calls of one target have shown of it. */
export class TargetRecord {
  readonly #firstChunk = new DecayingAverage(HALF_LIFE_MS);
  readonly #latency = new DecayingAverage(HALF_LIFE_MS);
  readonly #errors = new DecayingAverage(HALF_LIFE_MS);
  #pausedUntil = -Infinity;
  #pausedAt = -Infinity;
  inFlight = 0;
  /** Calls that are decided and not begun. */
  expected = 0;

  constructor(
    readonly instance: string,
    readonly model: string,
  ) {}

  /** Average milliseconds to the first chunk of streams; undefined when nothing recent is known. */
  firstChunkMs(now: number): number | undefined {
    return recent(this.#firstChunk, now);
  }

  /** Average milliseconds of whole answers that were not streamed; undefined as above. */
  latencyMs(now: number): number | undefined {
    return recent(this.#latency, now);
  }

  /** Share of calls that failed, 0 to 1. */
  errorRate(now: number): number {
    return recent(this.#errors, now) ?? 0;
  }

  /** How many calls of this moment the error rate rests on. */
  evidence(now: number): number {
    return this.#errors.weightAt(now);
  }

  /** Until when the target asked not to be called; in the past when it did not. */
  get pausedUntil(): number {
    return this.#pausedUntil;
  }

  pause(until: number, now: number): void {
    this.#pausedUntil = Math.max(this.#pausedUntil, until);
    this.#pausedAt = now;
  }

  ended(call: EndedCall, startedAt: number, now: number): void {
    const { verdict, firstValueMs } = call;
    if (verdict === 'none' || verdict === 'rate_limited') return;
    this.#errors.add(verdict === 'failed' ? 1 : 0, now);
    if (verdict === 'failed') return;
    // Who answers a call that came after the pause has ended it.
    if (startedAt >= this.#pausedAt) this.#pausedUntil = -Infinity;
    // How fast a request is refused says nothing of how fast one is answered.
    if (firstValueMs === undefined || call.error !== undefined) return;
    if (call.isStream) this.#firstChunk.add(firstValueMs, now);
    else this.#latency.add(call.durationMs, now);
  }
}

function recent(average: DecayingAverage, now: number): number | undefined {
  return average.weightAt(now) < LEAST_WEIGHT ? undefined : average.value;
}
