import { randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { Secret } from '../common/secret.js';
import { base62FromBytes, base62FromInteger } from './base62.js';

/** Where keys of the product begin; a text that begins so and does not parse is a mistyped key. */
export const API_KEY_PREFIX = 'sk-lp_';

const ID_LENGTH = 12;
const SECRET_LENGTH = 32;
const CHECKSUM_LENGTH = 6;
const PATTERN = /^sk-lp_([0-9A-Za-z]{12})_[0-9A-Za-z]{38}$/;

/** Bytes that `apiKeyFromBytes` wants: 44 are used, the rest stands in for those skipped as biased. */
export const API_KEY_BYTES = 256;

export interface NewApiKey {
  /** The public part, 12 base62 characters: names the key in lists, rows and commands. */
  id: string;
  key: Secret;
}

/** A new key `sk-lp_<id12>_<secret32><crc6>` with 190 random bits of secret. */
export function generateApiKey(): NewApiKey {
  return apiKeyFromBytes(randomBytes(API_KEY_BYTES));
}

/** The key that `API_KEY_BYTES` evenly distributed bytes stand for; the same bytes give the same key. */
export function apiKeyFromBytes(bytes: Uint8Array): NewApiKey {
  const characters = base62FromBytes(bytes, ID_LENGTH + SECRET_LENGTH);
  const id = characters.slice(0, ID_LENGTH);
  const body = `${API_KEY_PREFIX}${id}_${characters.slice(ID_LENGTH)}`;
  return { id, key: new Secret(body + checksumOf(body)) };
}

/**
 * The id of a key of the product's own form; undefined when the form or the checksum is wrong, so
 * that mistyped and made-up keys are refused without asking the database.
 */
export function parseApiKeyId(text: string): string | undefined {
  const id = PATTERN.exec(text)?.[1];
  if (id === undefined) return undefined;
  const body = text.slice(0, -CHECKSUM_LENGTH);
  return text.endsWith(checksumOf(body)) ? id : undefined;
}

function checksumOf(body: string): string {
  return base62FromInteger(crc32(body), CHECKSUM_LENGTH);
}
