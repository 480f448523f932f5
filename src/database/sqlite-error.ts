/** What SQLite refused, with the names of its result codes. */
export class SqliteError extends Error {
  override readonly name = 'SqliteError';

  constructor(
    /** Name of the primary result code, such as `SQLITE_BUSY`. */
    readonly code: string,
    /** The extended result code. */
    readonly errno: number,
    reason: string,
    cause?: unknown,
  ) {
    super(`${code}: ${reason}`, cause === undefined ? undefined : { cause });
  }
}

/** https://www.sqlite.org/rescode.html, in the order of their numbers. */
const CODES = [
  'OK',
  'ERROR',
  'INTERNAL',
  'PERM',
  'ABORT',
  'BUSY',
  'LOCKED',
  'NOMEM',
  'READONLY',
  'INTERRUPT',
  'IOERR',
  'CORRUPT',
  'NOTFOUND',
  'FULL',
  'CANTOPEN',
  'PROTOCOL',
  'EMPTY',
  'SCHEMA',
  'TOOBIG',
  'CONSTRAINT',
  'MISMATCH',
  'MISUSE',
  'NOLFS',
  'AUTH',
  'FORMAT',
  'RANGE',
  'NOTADB',
];

const ERROR = 1;
const INTERRUPT = 9;
const MISMATCH = 20;
const MISUSE = 21;

/** Node's own refusals, before SQLite is asked, as SQLite would name them. */
const OF_NODE: Record<string, number> = {
  ERR_INVALID_ARG_TYPE: MISMATCH,
  ERR_INVALID_ARG_VALUE: MISMATCH,
  ERR_OUT_OF_RANGE: MISMATCH,
  ERR_INVALID_STATE: MISUSE,
};

/** What `node:sqlite` throws, or what is left of it after a message from another thread. */
export interface SqliteFailure {
  readonly message: string;
  readonly code?: string | undefined;
  /** The extended result code; only SQLite's own refusals have one. */
  readonly errcode?: number | undefined;
}

export function toSqliteError(failure: SqliteFailure): SqliteError {
  if (failure instanceof SqliteError) return failure;
  const errno = failure.errcode ?? OF_NODE[failure.code ?? ''] ?? ERROR;
  return new SqliteError(nameOf(errno), errno, failure.message);
}

/** The thread of the connection ended before it answered. */
export function lostThread(cause: unknown): SqliteError {
  return new SqliteError(nameOf(INTERRUPT), INTERRUPT, 'the database thread ended', cause);
}

function nameOf(errno: number): string {
  return `SQLITE_${CODES[errno & 0xff] ?? 'ERROR'}`;
}
