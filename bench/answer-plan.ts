/**
 * What a request asks of the fake upstream. It travels in the body's `user` member, which every
 * gateway passes on: `id chunks intervalMs delayMs`.
 */
export interface AnswerPlan {
  readonly id: string;
  /** Content chunks of a stream, beside the opening, finishing and usage chunks. */
  readonly chunks: number;
  /** Between two chunks; 0 writes as fast as the reader takes. */
  readonly intervalMs: number;
  /** Before the first byte of the answer. */
  readonly delayMs: number;
}

export function formatPlan(plan: AnswerPlan): string {
  return `${plan.id} ${plan.chunks} ${plan.intervalMs} ${plan.delayMs}`;
}

/** Total: a `user` that is no plan is an id, or replaced by `fallbackId`. */
export function parsePlan(user: unknown, fallbackId: string): AnswerPlan {
  const [id, chunks, intervalMs, delayMs] = typeof user === 'string' ? user.split(' ') : [];
  return {
    id: id || fallbackId,
    chunks: wholeNumber(chunks, 20),
    intervalMs: wholeNumber(intervalMs, 0),
    delayMs: wholeNumber(delayMs, 0),
  };
}

function wholeNumber(text: string | undefined, fallback: number): number {
  const value = Number(text);
  return text !== undefined && Number.isSafeInteger(value) && value >= 0 ? value : fallback;
}
