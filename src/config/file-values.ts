import { z } from 'zod';
import { Secret } from '../common/secret.js';
import { BASE_URL_RULE, isBaseUrl, withoutSlash } from './base-url.js';
import { LONGEST_TIMER_MS } from './environment-schemas.js';

/** Said about a member that the file may have one day, so that nobody believes it is enforced. */
export const NOT_SUPPORTED = 'not supported by this version';

export function notSupported() {
  return z
    .never({ error: NOT_SUPPORTED })
    .optional()
    .meta({ description: 'Not supported by this version.' });
}

export function wholeNumber(min: number, max: number) {
  const error = `must be a whole number from ${min} to ${max}`;
  return z.number({ error }).int({ error }).min(min, { error }).max(max, { error });
}

/** Clients and what is between them and us give up long before. */
export const LONGEST_QUEUE_MS = 3_600_000;

export const duration = () => wholeNumber(1, LONGEST_TIMER_MS);

/** Patterns are refinements where `${NAME}` may stand, so that the published schema accepts it. */
export function text(error: string, isValid: (value: string) => boolean) {
  return z.string({ error }).refine(isValid, { error });
}

const VISIBLE_ASCII = /^[\x21-\x7e]+$/;

export const instanceName = z
  .string({ error: 'must be text' })
  .regex(/^[a-z0-9][a-z0-9._-]{0,62}$/, {
    error: 'must be 1 to 63 lower-case letters, digits and . _ -, starting with a letter or digit',
  });

export const publicName = text('must be 1 to 255 characters without spaces', (value) =>
  /^[^\s\p{Cc}]{1,255}$/u.test(value),
);

export const modelAddress = text('must be instance/model', (value) =>
  /^[^\s/\p{Cc}]+\/[^\s\p{Cc}]+$/u.test(value),
);

export const providerKey = text('must be visible ASCII without spaces', (value) =>
  VISIBLE_ASCII.test(value),
).transform((value) => new Secret(value));

export const clientKey = text(
  'must have 32 to 512 characters, visible ASCII without spaces',
  (value) => value.length >= 32 && value.length <= 512 && VISIBLE_ASCII.test(value),
).transform((value) => new Secret(value));

export const baseUrl = text(BASE_URL_RULE, isBaseUrl).transform(withoutSlash);

/**
 * An exact decimal, kept as text. A YAML number arrives here as it was written, so that it never
 * was a float.
 */
export function decimalText(pattern: RegExp, error: string) {
  return z
    .union([z.number(), z.string()], { error })
    .transform(String)
    .refine((value) => pattern.test(value), { error });
}

/** A whole number of pico-USD per token needs at most six decimals. */
export function decimal(decimals: number, description: string) {
  const error = `must be a decimal number such as 0.15, not negative, with at most ${decimals} decimals`;
  const pattern = new RegExp(`^\\d{1,9}(\\.\\d{1,${decimals}})?$`);
  return decimalText(pattern, error).optional().meta({ description });
}

export const perMillion = (what: string) => decimal(6, `${what}, in USD per million tokens.`);

/** Where numbers arrive as the text they were written as. */
export function exactWhole(min: number, max: number) {
  const error = `must be a whole number from ${min} to ${max}`;
  return z
    .union([z.number(), z.string()], { error })
    .transform((value) => (/^\d{1,15}$/.test(String(value)) ? Number(value) : Number.NaN))
    .refine((value) => value >= min && value <= max, { error });
}

const INSTANT = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d)?Z)?$/;

/** A day, which begins at midnight, or a second of one; both in UTC. */
export function instant(description: string) {
  const error = 'must be a day such as 2026-01-31 or an instant such as 2026-01-31T16:30Z';
  return text(error, (value) => {
    if (!INSTANT.test(value)) return false;
    const milliseconds = Date.parse(value);
    // Some days that do not exist are read as the one after.
    return (
      !Number.isNaN(milliseconds) &&
      new Date(milliseconds).toISOString().startsWith(value.slice(0, 10))
    );
  })
    .optional()
    .meta({ description });
}

const WINDOW = /^((?:[01]\d|2[0-3]):[0-5]\d)-((?:[01]\d|2[0-3]):[0-5]\d)$/;

/** A part of each day, over midnight where it ends before it begins. */
export function dailyWindow(description: string) {
  return text('must be two different times such as 16:30-00:30', (value) => {
    const match = WINDOW.exec(value);
    return match !== null && match[1] !== match[2];
  })
    .optional()
    .meta({ description });
}
