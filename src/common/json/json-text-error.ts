/** JSON text that is not an object, or whose structure is broken where the scan had to look at it. */
export class JsonMalformedError extends Error {
  override readonly name = 'JsonMalformedError';

  constructor(
    reason: string,
    /** Index into the text, in UTF-16 code units. */
    readonly position: number,
    options?: ErrorOptions,
  ) {
    super(`${reason} at position ${position}`, options);
  }
}

/** Objects and arrays nested more deeply than allowed; the text was not read further. */
export class JsonTooDeepError extends Error {
  override readonly name = 'JsonTooDeepError';

  constructor(
    readonly maxDepth: number,
    /** Index of the bracket that opened one level too many. */
    readonly position: number,
  ) {
    super(`JSON is nested more than ${maxDepth} levels deep at position ${position}`);
  }
}
