/** Whoever can stop and restart a flow of bytes: undici's controller, a simulated vendor's timer. */
export interface Pausable {
  pause(): void;
  resume(): void;
}

/** Who wants a pause: the writer whose socket is full, or the budget that has to be asked for more. */
export type PauseReason = 'writer' | 'budget';

/**
 * Back-pressure of one call, from those that face the client to whatever faces the upstream. RxJS
 * has none of its own, so the ends share this object: the writer says `pause` when its socket is
 * full and `resume` when it drained. It flows when nobody wants a pause any more.
 */
export class Flow implements Pausable {
  /** Made for the first pause: most answers need none. */
  #reasons: Set<PauseReason> | undefined;
  #source: Pausable | undefined;

  get paused(): boolean {
    return this.#reasons !== undefined && this.#reasons.size > 0;
  }

  /** The source of bytes makes itself known; a pause that came earlier applies at once. */
  attach(source: Pausable): void {
    this.#source = source;
    if (this.paused) source.pause();
  }

  pause(reason: PauseReason = 'writer'): void {
    const wasPaused = this.paused;
    (this.#reasons ??= new Set()).add(reason);
    if (!wasPaused) this.#source?.pause();
  }

  resume(reason: PauseReason = 'writer'): void {
    if (this.#reasons?.delete(reason) !== true || this.paused) return;
    this.#source?.resume();
  }
}
