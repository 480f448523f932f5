import { ProviderError } from '../contract/provider-error.js';
import { ClosedAddressError } from './guarded-dialer.js';

const EARLY_END = new Set(['UND_ERR_RES_CONTENT_LENGTH_MISMATCH', 'HPE_INVALID_EOF_STATE']);
const CANNOT_BE_SENT = new Set(['UND_ERR_INVALID_ARG', 'UND_ERR_NOT_SUPPORTED']);
const CLOSED = new Set(['UND_ERR_DESTROYED', 'UND_ERR_CLOSED']);

/** How far a call had come: nothing sent yet, perhaps all of it, or some of the answer's body is here. */
export type Progress = 'connecting' | 'sent' | 'answered';

/**
 * What went wrong below HTTP. The transport's own message names hosts and addresses, so it stays in
 * `cause`.
 */
export function convertTransportError(cause: Error, progress: Progress): ProviderError {
  // Of a body that was read while it was sent.
  if (cause instanceof ProviderError) return cause;
  if (cause instanceof ClosedAddressError) {
    return new ProviderError('failed', 'The address of the upstream is not a public one', {
      cause,
      unsent: true,
    });
  }
  const code = codeOf(cause);
  const unsent = progress === 'connecting';
  if (code === 'UND_ERR_CONNECT_TIMEOUT' || code === 'ETIMEDOUT') {
    return new ProviderError('timeout', 'The upstream could not be connected to in time', {
      cause,
      unsent,
    });
  }
  if (CANNOT_BE_SENT.has(code)) {
    return new ProviderError('rejected', 'The request cannot be sent upstream', { cause });
  }
  if (CLOSED.has(code)) {
    return new ProviderError('aborted', 'The connection to the upstream was closed', { cause });
  }
  if (code === 'UND_ERR_HEADERS_OVERFLOW') return unreadable(cause);
  if (code.startsWith('HPE_') && !EARLY_END.has(code)) return unreadable(cause);
  return new ProviderError(
    'failed',
    progress === 'answered'
      ? 'The upstream ended its answer early'
      : 'The connection to the upstream failed',
    { cause, unsent },
  );
}

function unreadable(cause: Error): ProviderError {
  return new ProviderError('invalid_response', 'The upstream did not answer in HTTP', { cause });
}

function codeOf(error: Error): string {
  // Several addresses were tried; they rarely fail for different reasons.
  const first: unknown = error instanceof AggregateError ? error.errors[0] : undefined;
  const subject: object = 'code' in error || !(first instanceof Error) ? error : first;
  return 'code' in subject && typeof subject.code === 'string' ? subject.code : '';
}
