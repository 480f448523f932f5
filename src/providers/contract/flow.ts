/** Whoever can stop and restart a flow of bytes: undici's controller, a simulated vendor's timer. */
export interface Pausable {
  pause(): void;
  resume(): void;
}

/**
 * Back-pressure of one call, from the writer that faces the client to whatever faces the upstream.
 * RxJS has none of its own, so the two ends share this object: the writer says `pause` when its
 * socket is full and `resume` when it drained.
 */
export class Flow implements Pausable {
  #paused = false;
  #source: Pausable | undefined;

  get paused(): boolean {
    return this.#paused;
  }

  /** The source of bytes makes itself known; a pause that came earlier applies at once. */
  attach(source: Pausable): void {
    this.#source = source;
    if (this.#paused) source.pause();
  }

  pause(): void {
    if (this.#paused) return;
    this.#paused = true;
    this.#source?.pause();
  }

  resume(): void {
    if (!this.#paused) return;
    this.#paused = false;
    this.#source?.resume();
  }
}
