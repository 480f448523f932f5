const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** The largest multiple of 62 in a byte; bytes from here on would favour the first characters. */
const UNBIASED_BELOW = 248;

/**
 * `length` evenly distributed base62 characters from evenly distributed bytes. Skips the few bytes
 * that would bias the result, so give some more than `length`; throws a RangeError when they run out.
 */
export function base62FromBytes(bytes: Uint8Array, length: number): string {
  let text = '';
  for (const byte of bytes) {
    if (text.length === length) return text;
    if (byte < UNBIASED_BELOW) text += ALPHABET.charAt(byte % 62);
  }
  if (text.length < length) throw new RangeError(`too few bytes for ${length} characters`);
  return text;
}

/** A whole number ≥ 0 in base62, padded on the left with `0` to `length` characters. */
export function base62FromInteger(value: number, length: number): string {
  let text = '';
  let rest = value;
  while (rest > 0) {
    text = ALPHABET.charAt(rest % 62) + text;
    rest = Math.floor(rest / 62);
  }
  return text.padStart(length, '0');
}
