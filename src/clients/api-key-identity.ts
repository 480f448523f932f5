import { API_KEY_PREFIX, parseApiKeyId } from './api-key-format.js';
import { base62FromBytes } from './base62.js';

/** Keys that are given in the configuration file may have any form from this length on. */
export const MINIMUM_CUSTOM_KEY_LENGTH = 32;

/** Longer texts are refused unhashed. */
const MAXIMUM_KEY_LENGTH = 1024;

/** Longer than the 12 characters of the product's own ids, so that the two can never be the same. */
const CUSTOM_ID_LENGTH = 13;

/** Whether a text could be a key at all; says so without hashing it. */
export function isPlausibleKey(text: string): boolean {
  return text.length >= MINIMUM_CUSTOM_KEY_LENGTH && text.length <= MAXIMUM_KEY_LENGTH;
}

/**
 * The id under which a key is stored: its own where it has the product's form, else one derived
 * from its hash. Undefined for a text that begins like a key of the product and is none.
 */
export function apiKeyIdOf(key: string, hash: string): string | undefined {
  if (key.startsWith(API_KEY_PREFIX)) return parseApiKeyId(key);
  return `cfg${base62FromBytes(Buffer.from(hash, 'hex'), CUSTOM_ID_LENGTH)}`;
}
