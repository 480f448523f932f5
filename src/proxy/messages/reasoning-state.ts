import { scanObject } from '../../common/json/json-text.js';
import type { ReasoningDetail } from '../../providers/chat/reasoning.js';

/**
 * What a vendor wants back of a model's reasoning. Clients of the Messages API return the signature
 * of a thinking block as it is, so what has no place in the block travels there.
 */
export interface ReasoningState {
  /** The reasoning itself, where the block does not show it. */
  readonly text?: string;
  /** In the vendor's own form and order. */
  readonly details?: readonly ReasoningDetail[];
  /** `extra_content` of tool calls, by the id of the call. */
  readonly calls?: Readonly<Record<string, unknown>>;
}

/** Nothing that Anthropic signs begins like this. */
const PREFIX = 'lp1:';

/** Far more than any vendor's form has; a body's own limit does not see into a signature. */
const MAX_DEPTH = 32;

export function isReasoningState(signature: string): boolean {
  return signature.startsWith(PREFIX);
}

/** @param shown the text of the block, which is not said again */
export function encodeReasoningState(state: ReasoningState, shown: string): string {
  const details = state.details?.map((detail) => withoutText(detail, shown));
  const json = JSON.stringify(details === undefined ? state : { ...state, details });
  return PREFIX + Buffer.from(json).toString('base64url');
}

/** Undefined when it is not ours, or has not come back whole. */
export function parseReasoningState(signature: string, shown: string): ReasoningState | undefined {
  if (!isReasoningState(signature)) return undefined;
  const state = parseObject(signature.slice(PREFIX.length));
  if (state === undefined) return undefined;
  const { text, details, calls } = state;
  const isSound =
    (text === undefined || typeof text === 'string') &&
    (details === undefined || (Array.isArray(details) && details.every(isDetail))) &&
    (calls === undefined || isObject(calls));
  if (!isSound) return undefined;
  return {
    ...(text !== undefined && { text }),
    ...(details !== undefined && { details: details.map((detail) => withText(detail, shown)) }),
    ...(calls !== undefined && { calls }),
  };
}

function parseObject(base64: string): Record<string, unknown> | undefined {
  try {
    const json = Buffer.from(base64, 'base64url').toString('utf8');
    scanObject(json, { maxDepth: MAX_DEPTH });
    const value: unknown = JSON.parse(json);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** A text that the block shows is said to be there by being null. */
function withoutText(detail: ReasoningDetail, shown: string): object {
  if (shown === '') return detail;
  if (detail.type === 'reasoning.text' && detail.text === shown) return { ...detail, text: null };
  if (detail.type === 'reasoning.summary' && detail.summary === shown) {
    return { ...detail, summary: null };
  }
  return detail;
}

function withText(detail: ReasoningDetail, shown: string): ReasoningDetail {
  const given = detail as { text?: unknown; summary?: unknown };
  if (detail.type === 'reasoning.text' && given.text === null) return { ...detail, text: shown };
  if (detail.type === 'reasoning.summary' && given.summary === null) {
    return { ...detail, summary: shown };
  }
  return detail;
}

function isDetail(value: unknown): value is ReasoningDetail {
  return isObject(value) && typeof value['type'] === 'string';
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
