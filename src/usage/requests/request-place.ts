/** Where a request stands among all: they are ordered by admission, and by id within a millisecond. */
export interface RequestPlace {
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  /** Empty: before every request of that millisecond. */
  readonly requestId: string;
}

/** A place as text that means nothing to anybody else. */
export function encodePlace({ createdAt, requestId }: RequestPlace): string {
  return Buffer.from(`${createdAt} ${requestId}`).toString('base64url');
}

/** Undefined for what `encodePlace` did not make. */
export function decodePlace(cursor: string): RequestPlace | undefined {
  const text = Buffer.from(cursor, 'base64url').toString();
  const [, createdAt, requestId] = /^(\d{1,15}) ([^\0]{0,64})$/s.exec(text) ?? [];
  if (createdAt === undefined || requestId === undefined) return undefined;
  return { createdAt: Number(createdAt), requestId };
}

/** Ids that the proxy makes begin with their time, in twelve hexadecimal digits of milliseconds. */
const OWN_ID = /^req_([0-9a-f]{6,12})/;
const TIME_DIGITS = 12;
/** A request may have waited for its turn that long between its arrival and its admission. */
const LONGEST_WAIT_MS = 7_200_000;

/** When requests whose id begins so were admitted; undefined when the id does not say. */
export function timesOfPrefix(prefix: string): { from: number; to: number } | undefined {
  const digits = OWN_ID.exec(prefix)?.[1];
  if (digits === undefined) return undefined;
  return {
    from: Number.parseInt(digits.padEnd(TIME_DIGITS, '0'), 16),
    to: Number.parseInt(digits.padEnd(TIME_DIGITS, 'f'), 16) + LONGEST_WAIT_MS,
  };
}
