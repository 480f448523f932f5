import { findMember, scanObject, type JsonObjectText } from '../../../common/json/json-text.js';
import { ProviderError } from '../../contract/provider-error.js';
import type { RelayedDocument, RelayedEndpoint } from '../../contract/relay.js';
import type { Target } from '../../contract/target.js';
import { findUpstreamRequestId, parseInBandError } from '../../upstream/parse-upstream-error.js';
import type { UpstreamResponse } from '../../upstream/upstream-call.js';
import { convertRelayUsage } from './convert-relay-usage.js';
import { unitsInAnswer } from './relay-units.js';

/** The vendor's own answers are only found fault with where they are no JSON at all. */
const MAX_DEPTH = 1000;

export interface DocumentReading {
  readonly endpoint: RelayedEndpoint;
  readonly target: Target;
  readonly headers: UpstreamResponse['headers'];
  readonly contentType: string;
  readonly isJson: boolean;
}

/**
 * A whole answer, in the vendor's own text. Pictures make it tens of megabytes, so only the members
 * that tell of errors and use are made values of.
 */
export function readRelayedDocument(text: string, reading: DocumentReading): RelayedDocument {
  const { endpoint, target, headers, contentType, isJson } = reading;
  const upstreamRequestId = findUpstreamRequestId(headers);
  const base = { kind: 'document', contentType, isJson, text } as const;
  const id = upstreamRequestId === undefined ? {} : { upstreamRequestId };
  if (!isJson) return { ...base, ...id };
  const members = scan(text);
  const failed = member(text, members, 'error');
  // Some vendors say `"error": null` when all is well.
  if (failed !== undefined && failed !== null) {
    const error = parseInBandError({ error: failed }, target.instance, headers);
    if (error !== undefined) throw error;
  }
  const told = member(text, members, 'usage') ?? member(text, members, 'meta');
  const usage = convertRelayUsage(told, endpoint, unitsInAnswer(text, members, endpoint));
  return { ...base, ...id, ...(usage && { usage }) };
}

function scan(text: string): JsonObjectText {
  try {
    return scanObject(text, { maxDepth: MAX_DEPTH });
  } catch (cause) {
    throw unreadable(cause);
  }
}

function member(text: string, members: JsonObjectText, key: string): unknown {
  const found = findMember(members, key);
  if (found === undefined) return undefined;
  try {
    return JSON.parse(text.slice(found.valueStart, found.valueEnd));
  } catch (cause) {
    throw unreadable(cause);
  }
}

function unreadable(cause: unknown): ProviderError {
  return new ProviderError(
    'invalid_response',
    'The upstream answered with something that is not JSON',
    {
      cause,
    },
  );
}
