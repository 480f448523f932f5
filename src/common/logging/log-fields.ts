/**
 * The fields a log line may have. Whatever is not named here is not written: a new field is a
 * decision, and a body, a header or a key cannot reach the log by accident.
 */
export const LOG_FIELDS: ReadonlySet<string> = new Set([
  'context',
  'message',
  'err',
  'requestId',
  'traceId',
  'method',
  'path',
  'status',
  'code',
  'client',
  'keyId',
  'provider',
  'model',
  'dialect',
  'stream',
  'attempts',
  'outcome',
  'latencyMs',
  'firstChunkMs',
  'inputTokens',
  'outputTokens',
  'costNanoUsd',
  'estimated',
  'count',
  'problems',
  'signal',
  'url',
  'version',
  'topic',
  'state',
  'durationMs',
  'scope',
  'scopeId',
  'percent',
  'spentNanoUsd',
  'limitNanoUsd',
]);

/** What may be said of an error: its kind, its words, its chain of causes and where it arose. */
export interface LoggedError {
  type: string;
  message: string;
  code?: string;
  stack?: string;
  cause?: LoggedError;
}

const MAX_CAUSES = 5;

export function loggedError(thrown: unknown, depth = 0): LoggedError {
  if (!(thrown instanceof Error)) return { type: typeof thrown, message: 'not an Error' };
  const code = (thrown as { code?: unknown }).code;
  return {
    type: thrown.name,
    message: messageOf(thrown),
    ...(typeof code === 'string' ? { code } : {}),
    // Only where it arose: the head of a stack repeats the message.
    ...(thrown.stack === undefined ? {} : { stack: frames(thrown.stack) }),
    ...(thrown.cause === undefined || depth >= MAX_CAUSES
      ? {}
      : { cause: loggedError(thrown.cause, depth + 1) }),
  };
}

/** What could not be parsed is quoted by the parser: somebody's prompt, an answer, a key. */
function messageOf(error: Error): string {
  return error instanceof SyntaxError ? 'the text could not be parsed' : error.message;
}

function frames(stack: string): string {
  return stack
    .split('\n')
    .filter((line) => line.startsWith('    at '))
    .slice(0, 8)
    .join('\n');
}

/** Copies the allowed fields of a line into `line`; what is undefined is left out. */
export function copyAllowedFields(
  fields: Readonly<Record<string, unknown>>,
  line: Record<string, unknown>,
): void {
  for (const name in fields) {
    const value = fields[name];
    if (value === undefined || !LOG_FIELDS.has(name)) continue;
    line[name] = name === 'err' ? loggedError(value) : value;
  }
}
