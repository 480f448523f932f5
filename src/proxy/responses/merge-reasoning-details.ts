import type { ReasoningDetail } from '../../providers/chat/reasoning.js';

/**
 * Joins the pieces in which a stream gave its reasoning details: texts of one index are one text,
 * whose signature comes with the last of them. What is encrypted is whole already.
 */
export function mergeReasoningDetails(pieces: readonly ReasoningDetail[]): ReasoningDetail[] {
  const merged: ReasoningDetail[] = [];
  for (const piece of pieces) {
    const at = merged.findLastIndex((known) => isContinuedBy(known, piece));
    const known = merged[at];
    if (known === undefined) merged.push(piece);
    else merged[at] = join(known, piece);
  }
  return merged;
}

function isContinuedBy(known: ReasoningDetail, piece: ReasoningDetail): boolean {
  if (known.type !== piece.type || known.index !== piece.index) return false;
  if (!Number.isInteger(piece.index) || known.type === 'reasoning.encrypted') return false;
  // A signature ends a block; some vendors count all of them as 0.
  return known.type === 'reasoning.summary' || !known.signature;
}

function join(known: ReasoningDetail, piece: ReasoningDetail): ReasoningDetail {
  const given = Object.fromEntries(Object.entries(piece).filter(([, value]) => value != null));
  const joined = { ...known, ...given };
  if (known.type === 'reasoning.text' && piece.type === 'reasoning.text') {
    return { ...joined, text: textOf(known.text) + textOf(piece.text) } as ReasoningDetail;
  }
  if (known.type === 'reasoning.summary' && piece.type === 'reasoning.summary') {
    return { ...joined, summary: textOf(known.summary) + textOf(piece.summary) } as ReasoningDetail;
  }
  return joined;
}

/** A piece that has only a signature may lack its text. */
function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
