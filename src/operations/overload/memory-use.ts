import { totalmem } from 'node:os';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

const MEBIBYTE = 1024 * 1024;
const COLLECT_EVERY_MS = 10_000;

/** How much of the memory that it may have the process has. */
export class MemoryUse {
  /** In bytes. */
  readonly limit: number;
  #collect: (() => void) | undefined;
  #collectedAt = -Infinity;

  /** @param limitMb that of the container, or else the machine's memory, when absent */
  constructor(limitMb: number | undefined) {
    this.limit = limitMb === undefined ? availableToUs() : limitMb * MEBIBYTE;
  }

  /** Resident, in percent of the limit. */
  percent(): number {
    return (process.memoryUsage.rss() / this.limit) * 100;
  }

  /**
   * Collects garbage, at most every ten seconds. Nothing else would, while requests are refused
   * for want of memory: it is allocating that makes V8 collect, and who refuses allocates nothing.
   */
  collect(): void {
    if (performance.now() - this.#collectedAt < COLLECT_EVERY_MS) return;
    this.#collectedAt = performance.now();
    this.#collect ??= findCollector();
    this.#collect();
  }
}

function availableToUs(): number {
  const machine = totalmem();
  // Without a limit, cgroups name a number that no machine has; where there are none, it is 0.
  const container = process.constrainedMemory();
  return container > 0 && container < machine ? container : machine;
}

/** Contexts that are made while the flag is set have `gc`. */
function findCollector(): () => void {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  setFlagsFromString('--no-expose-gc');
  return collect;
}
