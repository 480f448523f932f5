import { maxCostNanoUsd } from '../../catalog/cost.js';
import type { UsageUnits } from '../../providers/contract/usage-units.js';
import type { Price } from '../../catalog/price.js';
import type { Need } from './grant-ledger.js';

/** Of a model whose longest answer nobody states. */
export const ASSUMED_OUTPUT_TOKENS = 16_384;
/** The same for a stream, which can hold as much as that seldom and is told what it holds. */
export const ASSUMED_STREAM_TOKENS = 131_072;
/** An answer of a model that is not known yet is not cut below this. */
const COLD_OUTPUT_TOKENS = 64;
/** Answers differ from one another. */
const MARGIN = 1.25;
/** Of what is left, for one request whose answer may be long. */
const SHARE = 8;
/** What a stream begins with, whatever its answers use to need: it asks for more while it runs. */
const FIRST_TOKENS = { least: 16, most: 256 };
/** How much a stream asks for at a time. */
const STEP_TOKENS = { least: 8, most: 512 };
const STEP_SHARE = 64;
/** No sum that is left is taken for larger, so that amounts stay whole numbers. */
const MOST_LEFT = 2 ** 50;

export interface AnswerSize {
  readonly price: Price;
  readonly inputTokens: number;
  /** As many output tokens as the request can get at most; undefined where nobody says. */
  readonly bound: number | undefined;
  /** Output that such answers have had; undefined while none is known. */
  readonly typical: number | undefined;
  /** What is charged beside tokens, at most. */
  readonly units?: UsageUnits | undefined;
  /** The answer is counted while it runs, and more is held then. */
  readonly isMetered: boolean;
  /** What it costs may be more than what is seen of it, so that it has to be asked for no longer than is held. */
  readonly mayHide: boolean;
}

/** Undefined where the price does not cover what the request uses. */
export function costOf(size: AnswerSize, outputTokens: number): number | undefined {
  const { inputTokens, price, units } = size;
  return maxCostNanoUsd({ inputTokens, outputTokens, units }, price) ?? undefined;
}

/** As many output tokens as the answer may have, by what is known or by what is assumed. */
export function mostTokens({ bound, isMetered }: AnswerSize): number {
  return bound ?? (isMetered ? ASSUMED_STREAM_TOKENS : ASSUMED_OUTPUT_TOKENS);
}

/** What a request holds at its beginning, when so much is left. */
export function sizeHold(size: AnswerSize, leftNanoUsd: number): Need {
  const { typical, isMetered, mayHide } = size;
  const bound = mostTokens(size);
  const cost = (tokens: number): number => costOf(size, Math.min(bound, tokens)) ?? 0;
  const share = Math.floor(Math.min(leftNanoUsd, MOST_LEFT) / SHARE);
  if (isMetered && !mayHide) {
    const first = within(FIRST_TOKENS, typical ?? COLD_OUTPUT_TOKENS);
    const minimum = cost(STEP_TOKENS.least);
    return { minimum, amount: Math.max(minimum, Math.min(cost(first), share)) };
  }
  const enough = typical === undefined ? COLD_OUTPUT_TOKENS : Math.ceil(typical * MARGIN);
  return {
    minimum: cost(typical ?? COLD_OUTPUT_TOKENS),
    amount: Math.min(cost(bound), Math.max(cost(enough), share)),
  };
}

export interface RunningAnswer {
  readonly heldNanoUsd: number;
  /** Output tokens that this pays for. */
  readonly paidTokens: number;
  /** Output tokens that have come. */
  readonly tokens: number;
}

/** What a running answer asks for on top of what it holds. */
export function sizeExtension(
  size: AnswerSize,
  { heldNanoUsd, paidTokens, tokens }: RunningAnswer,
  leftNanoUsd: number,
): Need {
  const owed = Math.max(0, tokens - paidTokens);
  const share = Math.floor(Math.min(leftNanoUsd, MOST_LEFT) / STEP_SHARE);
  const most = paidTokens + owed + STEP_TOKENS.most;
  const step = within(STEP_TOKENS, payableTokens(size, heldNanoUsd + share, most) - paidTokens);
  const more = (count: number): number =>
    Math.max(0, (costOf(size, paidTokens + count) ?? 0) - heldNanoUsd);
  return { minimum: more(owed > 0 ? owed : STEP_TOKENS.least), amount: more(owed + step) };
}

/** The output tokens that a running answer pays for, when it holds more than before. */
export function payableAfter(
  size: AnswerSize,
  { heldNanoUsd, paidTokens, tokens }: RunningAnswer,
): number {
  return payableTokens(size, heldNanoUsd, Math.max(paidTokens, tokens) + STEP_TOKENS.most);
}

/** As many output tokens, up to `most`, as an amount pays for beside the input. */
export function payableTokens(size: AnswerSize, amountNanoUsd: number, most: number): number {
  const isPaid = (tokens: number): boolean => (costOf(size, tokens) ?? 0) <= amountNanoUsd;
  if (isPaid(most)) return most;
  let [paid, unpaid] = [0, most];
  while (unpaid - paid > 1) {
    const middle = Math.floor((paid + unpaid) / 2);
    if (isPaid(middle)) paid = middle;
    else unpaid = middle;
  }
  return paid;
}

function within({ least, most }: { least: number; most: number }, count: number): number {
  return Math.min(most, Math.max(least, count));
}
