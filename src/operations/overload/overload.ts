import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { type Observable, Subject } from 'rxjs';
import type { Figure } from '../../common/metrics/figure.js';
import { Figures } from '../../common/metrics/figures.js';
import { Configuration } from '../../config/configuration.js';
import { EventLoopLag } from './event-loop-lag.js';
import { MemoryUse } from './memory-use.js';
import { Watermark } from './watermark.js';

export type OverloadReason = 'event_loop' | 'memory';

/** An overload that began or ended. */
export interface OverloadChange {
  readonly reason: OverloadReason;
  /** True when it began, false when it ended. */
  readonly isOverloaded: boolean;
  /** Milliseconds of lag, or percent of the memory. */
  readonly reading: number;
  /** The reading at which it begins. */
  readonly threshold: number;
}

const OVERLOADED = {
  name: 'llm_proxy_overloaded',
  help: '1 while new requests are refused because the process cannot take more, else 0.',
  labels: ['reason'],
} as const satisfies Figure;

const SAMPLE_EVERY_MS = 500;
/** Of the lag at which shedding begins: what it keeps out has to show first. */
const LAG_TO_RECOVER = 0.5;
/** Percent of the memory that have to be free again. */
const MEMORY_TO_RECOVER = 10;

/**
 * Whether this process has more to do than it can: it then refuses new requests while it still can
 * refuse them, and what is under way gets done.
 */
@Injectable()
export class Overload implements OnApplicationShutdown {
  readonly #logger = new Logger(Overload.name);
  readonly #changes = new Subject<OverloadChange>();
  /** Each once, when it begins and when it ends. */
  readonly changes: Observable<OverloadChange> = this.#changes.asObservable();
  readonly #lag: EventLoopLag | undefined;
  readonly #memory: MemoryUse;
  readonly #lagThreshold: number;
  readonly #memoryThreshold: number;
  readonly #lagMark: Watermark;
  readonly #memoryMark: Watermark;
  readonly #timer: NodeJS.Timeout | undefined;
  #lagMs: number | null = null;

  constructor(configuration: Configuration, figures: Figures) {
    const { shedEventLoopLagMs, shedMemoryPercent, memoryLimitMb } = configuration.environment;
    this.#lagThreshold = shedEventLoopLagMs;
    this.#memoryThreshold = shedMemoryPercent;
    this.#lagMark = new Watermark(shedEventLoopLagMs, shedEventLoopLagMs * LAG_TO_RECOVER);
    this.#memoryMark = new Watermark(shedMemoryPercent, shedMemoryPercent - MEMORY_TO_RECOVER);
    this.#memory = new MemoryUse(memoryLimitMb);
    figures.addGauge(OVERLOADED, () => [
      { labels: { reason: 'event_loop' }, value: Number(this.#lagMark.isOver) },
      { labels: { reason: 'memory' }, value: Number(this.#memoryMark.isOver) },
    ]);
    if (shedEventLoopLagMs > 0) this.#lag = new EventLoopLag();
    if (shedEventLoopLagMs === 0 && shedMemoryPercent === 0) return;
    this.#timer = setInterval(() => this.#sample(), SAMPLE_EVERY_MS);
    this.#timer.unref();
  }

  /** Why new requests are refused; undefined when they are not. */
  get reason(): OverloadReason | undefined {
    if (this.#memoryMark.isOver) return 'memory';
    return this.#lagMark.isOver ? 'event_loop' : undefined;
  }

  /** Mean milliseconds that the event loop was late, in the last half second; null while it is not measured. */
  get lagMs(): number | null {
    return this.#lagMs;
  }

  /** Bytes that the process may have. */
  get memoryLimitBytes(): number {
    return this.#memory.limit;
  }

  onApplicationShutdown(): void {
    clearInterval(this.#timer);
    this.#lag?.stop();
    this.#changes.complete();
  }

  #sample(): void {
    if (this.#lag !== undefined) {
      this.#lagMs = this.#lag.read();
      this.#judge('event_loop', this.#lagMark, this.#lagMs, this.#lagThreshold);
    }
    if (this.#memoryThreshold === 0) return;
    this.#judge('memory', this.#memoryMark, this.#memory.percent(), this.#memoryThreshold);
    if (this.#memoryMark.isOver) this.#memory.collect();
  }

  #judge(reason: OverloadReason, mark: Watermark, reading: number, threshold: number): void {
    if (!mark.take(reading)) return;
    const isOverloaded = mark.isOver;
    const change = { reason, isOverloaded, reading: Math.round(reading), threshold };
    const line = { reason, reading: change.reading, threshold };
    if (isOverloaded) this.#logger.warn({ message: 'overloaded: requests are refused', ...line });
    else this.#logger.log({ message: 'no longer overloaded', ...line });
    this.#changes.next(change);
  }
}
