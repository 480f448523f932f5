import type { ReasoningDetail } from '../../../providers/chat/reasoning.js';

type Piece = { -readonly [Key in keyof ReasoningDetail]: ReasoningDetail[Key] } & {
  text?: string | null;
  summary?: string | null;
  data?: string | null;
  signature?: string | null;
};

export interface SignedPiece {
  readonly text: string;
  readonly signature: string;
}

const ANTHROPIC = 'anthropic-claude-v1';

/** Joins the fragments in which some vendors stream a piece: what has the same type and index. */
export class ReasoningPieces {
  readonly #pieces: Piece[] = [];

  get all(): readonly ReasoningDetail[] {
    return this.#pieces as ReasoningDetail[];
  }

  /** What the pieces say. */
  get text(): string {
    return this.#pieces.map(({ text, summary }) => text ?? summary ?? '').join('');
  }

  add(detail: ReasoningDetail): void {
    const fragment = detail as Piece;
    const known = this.#find(detail);
    if (known === undefined) {
      this.#pieces.push({ ...fragment });
      return;
    }
    for (const member of ['text', 'summary', 'data'] as const) {
      if (fragment[member] != null) known[member] = (known[member] ?? '') + fragment[member];
    }
    if (fragment.signature) known.signature = fragment.signature;
    known.id ??= fragment.id;
  }

  continuesWith(detail: ReasoningDetail | undefined): boolean {
    return detail !== undefined && this.#find(detail) !== undefined;
  }

  /** The first that Anthropic signed. */
  findSigned(): SignedPiece | undefined {
    const piece = this.#pieces.find(
      ({ type, format, signature }) =>
        type === 'reasoning.text' && format === ANTHROPIC && Boolean(signature),
    );
    return piece && { text: piece.text ?? '', signature: piece.signature ?? '' };
  }

  /** Without an index each is its own. */
  #find({ type, index }: ReasoningDetail): Piece | undefined {
    return (index as number | undefined) === undefined
      ? undefined
      : this.#pieces.find((piece) => piece.type === type && piece.index === index);
  }
}
