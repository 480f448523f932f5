import { Observable, type Subscriber } from 'rxjs';
import { ProviderError } from '../contract/provider-error.js';
import type { Target } from '../contract/target.js';
import { convertSimulatedFault } from './convert-simulated-fault.js';
import type { SimulatedPace, SimulatedPiece } from './simulated-api.js';

/** Pieces sent in one turn of the event loop, so that a long answer does not hold up the others. */
const BURST = 32;

/**
 * The vendor's wire: sends the pieces at their pace and keeps the instance's time-outs, the
 * caller's signal and its back-pressure, as a connection would. Cold; unsubscribing stops it.
 */
export function playSimulatedPieces(
  pieces: Iterable<SimulatedPiece>,
  pace: SimulatedPace,
  target: Target,
): Observable<SimulatedPiece> {
  return new Observable((subscriber) => {
    const player = new Player(pieces[Symbol.iterator](), pace, target, subscriber);
    player.start();
    return () => player.stop();
  });
}

class Player {
  #sent = 0;
  #next: NodeJS.Timeout | undefined;
  #turn: NodeJS.Immediate | undefined;
  #firstByte: NodeJS.Timeout | undefined;
  #total: NodeJS.Timeout | undefined;
  #startedAt = 0;
  readonly #abort = () => this.#fail(new ProviderError('aborted', 'The call was aborted'));

  constructor(
    private readonly pieces: Iterator<SimulatedPiece, unknown>,
    private readonly pace: SimulatedPace,
    private readonly target: Target,
    private readonly subscriber: Subscriber<SimulatedPiece>,
  ) {}

  start(): void {
    const { signal, flow, instance } = this.target;
    if (signal.aborted) return this.#abort();
    signal.addEventListener('abort', this.#abort, { once: true });
    this.#startedAt = performance.now();
    const totalMs = Math.min(this.target.totalMs ?? Infinity, instance.timeouts.totalMs);
    this.#total = setTimeout(() => this.#fail(timeout('in time')), totalMs);
    this.#firstByte = setTimeout(
      () => this.#fail(timeout('at all')),
      instance.timeouts.firstByteMs,
    );
    flow.attach({ pause: () => this.#cancel(), resume: () => this.#schedule() });
    this.#schedule();
  }

  stop(): void {
    this.target.signal.removeEventListener('abort', this.#abort);
    clearTimeout(this.#firstByte);
    clearTimeout(this.#total);
    this.#cancel();
  }

  #cancel(): void {
    clearTimeout(this.#next);
    clearImmediate(this.#turn);
  }

  #schedule(): void {
    this.#cancel();
    if (this.subscriber.closed || this.target.flow.paused) return;
    const { firstMs, perSecond } = this.pace;
    if (firstMs === Infinity) return;
    const dueAt = firstMs + (perSecond ? (this.#sent * 1000) / perSecond : 0);
    const wait = dueAt - (performance.now() - this.#startedAt);
    if (wait > 0) this.#next = setTimeout(() => this.#send(perSecond ? 1 : BURST), wait);
    else this.#turn = setImmediate(() => this.#send(perSecond ? 1 : BURST));
  }

  #send(count: number): void {
    clearTimeout(this.#firstByte);
    for (let sent = 0; sent < count; sent += 1) {
      if (this.subscriber.closed || this.target.flow.paused) return;
      const next = this.pieces.next();
      if (next.done) return this.subscriber.complete();
      const piece: SimulatedPiece = next.value;
      if (piece.kind === 'fault') return this.#fail(convertSimulatedFault(piece.fault));
      this.#sent += 1;
      this.subscriber.next(piece);
    }
    this.#schedule();
  }

  #fail(error: ProviderError): void {
    this.subscriber.error(error);
  }
}

function timeout(how: string): ProviderError {
  return new ProviderError('timeout', `The upstream did not answer ${how}`);
}
