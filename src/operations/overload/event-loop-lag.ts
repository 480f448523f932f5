import { monitorEventLoopDelay } from 'node:perf_hooks';

const RESOLUTION_MS = 20;
const NANOSECONDS_PER_MS = 1e6;

/** How late the event loop comes to what is due. */
export class EventLoopLag {
  readonly #delays = monitorEventLoopDelay({ resolution: RESOLUTION_MS });

  constructor() {
    this.#delays.enable();
  }

  /**
   * Mean milliseconds since the last time it was asked. Each turn counts once, so that this is
   * how long what arrives now waits for its turn.
   */
  read(): number {
    const { mean } = this.#delays;
    this.#delays.reset();
    if (Number.isNaN(mean)) return 0;
    return Math.max(0, mean / NANOSECONDS_PER_MS - RESOLUTION_MS);
  }

  stop(): void {
    this.#delays.disable();
  }
}
