import type { Flow } from '../providers/contract/flow.js';

export interface PaidPiecesParts<Piece> {
  readonly flow: Flow;
  /** Undefined when a piece is paid for; else says when it is, or rejects when it never will be. */
  readonly pay: (piece: Piece) => Promise<void> | undefined;
  readonly pass: (piece: Piece) => void;
}

/** Lets the pieces of an answer through when they are paid for, in their order; the others wait. */
export class PaidPieces<Piece> {
  /** Told when a piece will not be paid for, or cannot be passed on. To be set before the first. */
  failed: (error: unknown) => void = () => undefined;
  readonly #parts: PaidPiecesParts<Piece>;
  /** The first of them is being paid for; undefined when nothing waits. */
  #waiting: Piece[] | undefined;
  #end: (() => void) | undefined;
  #isDropped = false;

  constructor(parts: PaidPiecesParts<Piece>) {
    this.#parts = parts;
  }

  /** Throws what `pass` throws. */
  take(piece: Piece): void {
    if (this.#isDropped) return;
    if (this.#waiting !== undefined) {
      this.#waiting.push(piece);
      return;
    }
    const { flow, pay, pass } = this.#parts;
    const payment = pay(piece);
    if (payment === undefined) {
      pass(piece);
      return;
    }
    this.#waiting = [piece];
    flow.pause('budget');
    payment.then(
      () => this.#paid(),
      (error: unknown) => this.#refuse(error),
    );
  }

  /** When nothing comes any more: resolves when all is passed on, and never when it is dropped. */
  passed(): Promise<void> {
    if (this.#waiting === undefined) return Promise.resolve();
    return new Promise((resolve) => (this.#end = resolve));
  }

  /** What waits is not wanted any more. */
  drop(): void {
    this.#isDropped = true;
    this.#waiting = undefined;
    this.#end = undefined;
  }

  #paid(): void {
    const [first, ...others] = this.#waiting ?? [];
    if (first === undefined) return;
    this.#waiting = undefined;
    try {
      this.#parts.pass(first);
      for (const piece of others) this.take(piece);
    } catch (error) {
      this.failed(error);
      return;
    }
    if (this.#waiting !== undefined) return;
    this.#parts.flow.resume('budget');
    this.#end?.();
  }

  #refuse(error: unknown): void {
    if (!this.#isDropped) this.failed(error);
  }
}
