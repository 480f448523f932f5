import { destination, type DestinationStream } from 'pino';

/** A write per line would cost a busy proxy as much as an upstream call's own. */
const WRITE_BYTES = 12_288;
const FLUSH_MS = 200;

/** Fewer than `WRITE_BYTES` when written down, whatever they are. */
const GATHERED_CHARACTERS = 3_072;

/**
 * Log lines on their way to a file descriptor. They are gathered before pino's own destination
 * gathers them: with each thing that it is given it measures anew what it holds.
 */
export class GatheredLines implements DestinationStream {
  readonly #target: ReturnType<typeof destination>;
  #lines: string[] = [];
  #characters = 0;

  constructor(fd: number) {
    this.#target = destination({ fd, sync: false, minLength: WRITE_BYTES });
    setInterval(() => {
      this.#handOver();
      this.#target.flush();
    }, FLUSH_MS).unref();
    process.once('exit', () => this.flush());
  }

  write(line: string): void {
    this.#lines.push(line);
    this.#characters += line.length;
    if (this.#characters >= GATHERED_CHARACTERS) this.#handOver();
  }

  /** Waits until everything is written. */
  flush(): void {
    // Apart, so that together they do not begin a write that nobody waits for.
    this.#target.flushSync();
    this.#handOver();
    this.#target.flushSync();
  }

  #handOver(): void {
    if (this.#characters === 0) return;
    this.#target.write(this.#lines.join(''));
    this.#lines = [];
    this.#characters = 0;
  }
}
