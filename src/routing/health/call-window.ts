import type { EndedCall } from '../targets/target-call.js';

type Counted = Pick<EndedCall, 'verdict' | 'isStream' | 'firstValueMs' | 'durationMs'>;

/** What the calls of a stretch of time were like. */
export class CallWindow {
  calls = 0;
  failures = 0;
  readonly #firstChunks = new Mean();
  readonly #wholes = new Mean();

  add({ verdict, isStream, firstValueMs, durationMs }: Counted): void {
    this.calls += 1;
    if (verdict === 'failed') this.failures += 1;
    else if (!isStream) this.#wholes.add(durationMs);
    else if (firstValueMs !== undefined) this.#firstChunks.add(firstValueMs);
  }

  /** 0 without any calls. */
  get errorPercent(): number {
    return errorPercent(this);
  }

  /** Mean milliseconds to the first chunk of streams; undefined where fewer were answered. */
  firstChunkMs(atLeast: number): number | undefined {
    return this.#firstChunks.of(atLeast);
  }

  /** Mean milliseconds of answers that were not streamed; undefined as above. */
  wholeMs(atLeast: number): number | undefined {
    return this.#wholes.of(atLeast);
  }
}

export function errorPercent({ calls, failures }: Pick<CallWindow, 'calls' | 'failures'>): number {
  return calls === 0 ? 0 : (failures / calls) * 100;
}

class Mean {
  #sum = 0;
  #count = 0;

  add(value: number): void {
    this.#sum += value;
    this.#count += 1;
  }

  of(atLeast: number): number | undefined {
    return this.#count === 0 || this.#count < atLeast ? undefined : this.#sum / this.#count;
  }
}
