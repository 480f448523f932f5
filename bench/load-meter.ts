import { performance } from 'node:perf_hooks';

export interface Percentiles {
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly max: number;
}

export interface LoadResult {
  readonly requests: number;
  readonly errors: number;
  /** The first few, as text. */
  readonly errorSamples: readonly string[];
  readonly seconds: number;
  readonly requestsPerSecond: number;
  readonly latencyMs: Percentiles;
  /** Null when nothing streamed. */
  readonly firstChunkMs: Percentiles | null;
  /** Stream events, `[DONE]` included. */
  readonly events: number;
  /**
   * Events per second while all streams should run at once: from `SETTLE_MS` after the last of the
   * first requests to the first stream's end. A server that is late with its first chunks has a
   * lower rate. Null when there was no such time, or no ramp.
   */
  readonly sustainedEventsPerSecond: number | null;
}

const BUCKET_MS = 50;
const SETTLE_MS = 500;
const LINE_FEED = 10;

/** Collects what the load generator sees. Times are milliseconds of `performance.now()`. */
export class LoadMeter {
  readonly #latencies: number[] = [];
  readonly #firstChunks: number[] = [];
  readonly #errorSamples: string[] = [];
  readonly #buckets: number[] = [];
  readonly #rampMs: number;
  #began = 0;
  #errors = 0;
  #events = 0;
  #firstEnd = Number.POSITIVE_INFINITY;

  /** `rampMs` is the time over which the first requests are spread. */
  constructor(rampMs: number) {
    this.#rampMs = rampMs;
  }

  begin(): void {
    this.#began = performance.now();
  }

  start(): LoadSample {
    return new LoadSample(this);
  }

  addEvents(count: number, now: number): void {
    this.#events += count;
    const bucket = Math.floor((now - this.#began) / BUCKET_MS);
    this.#buckets[bucket] = (this.#buckets[bucket] ?? 0) + count;
  }

  addFirstChunk(ms: number): void {
    this.#firstChunks.push(ms);
  }

  addLatency(ms: number, now: number): void {
    this.#latencies.push(ms);
    this.#firstEnd = Math.min(this.#firstEnd, now - this.#began);
  }

  addError(reason: string): void {
    this.#errors += 1;
    if (this.#errorSamples.length < 5) this.#errorSamples.push(reason);
  }

  result(): LoadResult {
    const seconds = (performance.now() - this.#began) / 1000;
    return {
      requests: this.#latencies.length + this.#errors,
      errors: this.#errors,
      errorSamples: this.#errorSamples,
      seconds,
      requestsPerSecond: this.#latencies.length / seconds,
      latencyMs: percentilesOf(this.#latencies),
      firstChunkMs: this.#firstChunks.length === 0 ? null : percentilesOf(this.#firstChunks),
      events: this.#events,
      sustainedEventsPerSecond: this.#sustainedRate(),
    };
  }

  #sustainedRate(): number | null {
    const first = Math.ceil((this.#rampMs + SETTLE_MS) / BUCKET_MS);
    const end = Math.floor(this.#firstEnd / BUCKET_MS);
    if (this.#rampMs === 0 || this.#events === 0 || end - first < 10) return null;
    let events = 0;
    for (let bucket = first; bucket < end; bucket += 1) events += this.#buckets[bucket] ?? 0;
    return (events * 1000) / ((end - first) * BUCKET_MS);
  }
}

/** One request under measurement. */
export class LoadSample {
  readonly #meter: LoadMeter;
  readonly #startedAt = performance.now();
  #seenFirst = false;
  #lastByte = 0;

  constructor(meter: LoadMeter) {
    this.#meter = meter;
  }

  /** Counts blank lines, also those whose two line feeds arrive apart. Comments count as events. */
  countEvents(bytes: Buffer): void {
    let events = 0;
    let at = bytes.indexOf(LINE_FEED);
    while (at >= 0) {
      const before = at === 0 ? this.#lastByte : bytes[at - 1];
      if (before === LINE_FEED) events += 1;
      at = bytes.indexOf(LINE_FEED, at + 1);
    }
    this.#lastByte = bytes[bytes.length - 1] ?? this.#lastByte;
    if (events === 0) return;
    const now = performance.now();
    if (!this.#seenFirst) this.#meter.addFirstChunk(now - this.#startedAt);
    this.#seenFirst = true;
    this.#meter.addEvents(events, now);
  }

  succeed(): void {
    const now = performance.now();
    this.#meter.addLatency(now - this.#startedAt, now);
  }

  fail(reason: string): void {
    this.#meter.addError(reason);
  }
}

/** Nearest rank; zeros for no values. */
export function percentilesOf(values: readonly number[]): Percentiles {
  const sorted = Float64Array.from(values).sort();
  const rank = (share: number): number =>
    sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0;
  return { p50: rank(0.5), p90: rank(0.9), p99: rank(0.99), max: rank(1) };
}
