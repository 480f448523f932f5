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
