import { scanObject } from '../../common/json/json-text.js';
import type { ReasoningDetail } from '../../providers/chat/reasoning.js';

/**
 * What a model's maker wants back and only the proxy can read. It travels in the
 * `encrypted_content` of reasoning items, which clients send back as it is.
 */
export interface ReasoningState {
  /** Id of the response: the indexes of its details mean nothing beside those of another one. */
  readonly response: string;
  readonly details?: readonly ReasoningDetail[];
  /** `extra_content` of tool calls, such as a signature, by the id of the call. */
  readonly calls?: Readonly<Record<string, unknown>>;
}

const PREFIX = 'lp1:';
/** Inside of a string, what a client sends escapes the limit of the body around it. */
const MAX_DEPTH = 32;

export function convertToEncryptedContent(state: ReasoningState): string {
  return PREFIX + Buffer.from(JSON.stringify(state)).toString('base64url');
}

/** Undefined when it was not made here, or is no longer whole. */
export function findReasoningState(encryptedContent: string): ReasoningState | undefined {
  if (!encryptedContent.startsWith(PREFIX)) return undefined;
  const text = Buffer.from(encryptedContent.slice(PREFIX.length), 'base64url').toString('utf8');
  try {
    scanObject(text, { maxDepth: MAX_DEPTH });
    const state: unknown = JSON.parse(text);
    return isReasoningState(state) ? state : undefined;
  } catch {
    return undefined;
  }
}

/** Clients hold it, so it is checked like everything else that they send. */
function isReasoningState(value: unknown): value is ReasoningState {
  if (!isObject(value) || typeof value['response'] !== 'string') return false;
  const { details = [], calls = {} } = value;
  return Array.isArray(details) && details.every(isObject) && isObject(calls);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
