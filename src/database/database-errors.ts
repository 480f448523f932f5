import { QueryFailedError } from 'typeorm';

/**
 * The database cannot be used as it is, or refused what was asked. The message is a sentence for
 * the operator that says what to do; it holds no SQL and no credentials (those may be in `cause`).
 */
export class DatabaseError extends Error {
  override readonly name: string = 'DatabaseError';

  constructor(message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
  }
}

/** The database cannot be written now: busy, locked, read-only, full or out of reach. Later may work. */
export class DatabaseUnavailableError extends DatabaseError {
  override readonly name = 'DatabaseUnavailableError';

  constructor(cause: unknown) {
    super(`The database cannot be written at the moment (${reasonOf(cause)}).`, cause);
  }
}

/** More writes are waiting than `maxQueuedWrites` allows; this one was not queued. */
export class WriteQueueFullError extends DatabaseError {
  override readonly name = 'WriteQueueFullError';

  constructor(readonly maxQueuedWrites: number) {
    super(`${maxQueuedWrites} writes are already waiting for the database.`);
  }
}

/** This one row cannot be stored, whenever it is tried; rows beside it were. `cause` says why. */
export class RowRejectedError extends DatabaseError {
  override readonly name = 'RowRejectedError';

  constructor(
    readonly target: string,
    cause: unknown,
  ) {
    super(`A row for "${target}" was refused by the database (${reasonOf(cause)}).`, cause);
  }
}

const UNAVAILABLE_SQLITE_CODES = new Set([
  'SQLITE_BUSY',
  'SQLITE_LOCKED',
  'SQLITE_READONLY',
  'SQLITE_FULL',
  'SQLITE_IOERR',
  'SQLITE_CANTOPEN',
  'SQLITE_CORRUPT',
  'SQLITE_NOTADB',
  'SQLITE_NOMEM',
  'SQLITE_PERM',
  'SQLITE_AUTH',
  'SQLITE_PROTOCOL',
  'SQLITE_MISUSE',
  'SQLITE_INTERRUPT',
]);

/** Classes of SQLSTATE that blame the row or the statement, not the server. */
const STATEMENT_SQLSTATE_CLASSES = new Set([
  '21',
  '22',
  '23',
  '42',
  '44',
  '0A',
  '2F',
  '38',
  '39',
  'P0',
]);

/** Five characters, at least one of them a digit, which tells `57P01` from `EPIPE`. */
const SQLSTATE = /^(?=.*[0-9])[0-9A-Z]{5}$/;

/** ECONNREFUSED and its kin; Node's own `ERR_…` codes blame the caller. */
const SOCKET_CODE = /^E[A-Z]+$/;

/** The driver's own code: `SQLITE_BUSY`, an SQLSTATE such as `23505`, or a socket code. */
export function codeOf(error: unknown): string | undefined {
  const source: unknown = error instanceof QueryFailedError ? error.driverError : error;
  const code = (source as { code?: unknown } | null | undefined)?.code;
  return typeof code === 'string' ? code : undefined;
}

/** Whether the database is to blame, so that the same write may succeed later. */
export function isUnavailable(error: unknown): boolean {
  if (error instanceof DatabaseUnavailableError) return true;
  const code = codeOf(error);
  if (code === undefined) return isLostConnection(error);
  if (code.startsWith('SQLITE_')) return UNAVAILABLE_SQLITE_CODES.has(code);
  if (SQLSTATE.test(code)) return !STATEMENT_SQLSTATE_CLASSES.has(code.slice(0, 2));
  return SOCKET_CODE.test(code);
}

/** Whether a row with that key exists already, on either database. */
export function isUniqueViolation(error: unknown): boolean {
  const source = error instanceof RowRejectedError ? error.cause : error;
  const code = codeOf(source);
  if (code === '23505') return true;
  return (
    code === 'SQLITE_CONSTRAINT' && source instanceof Error && source.message.includes('UNIQUE')
  );
}

/** What `pg` and TypeORM say about lost connections and time-outs without giving a code. */
const LOST_CONNECTION =
  /^(?:Connection terminated|timeout exceeded when trying to connect|Query read timeout|timeout expired|Client has encountered a connection error|Client was closed|Cannot use a pool after calling end|Driver not Connected)/;

const LOST_CONNECTION_NAMES = new Set([
  'ConnectionIsNotSetError',
  'QueryRunnerAlreadyReleasedError',
]);

function isLostConnection(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return LOST_CONNECTION.test(error.message) || LOST_CONNECTION_NAMES.has(error.name);
}

function reasonOf(cause: unknown): string {
  return codeOf(cause) ?? (cause instanceof Error ? cause.name : 'unknown reason');
}
