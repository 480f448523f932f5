import { randomBytes } from 'node:crypto';
import { base62FromBytes } from '../../clients/base62.js';

/** Four groups of five letters and digits, 119 random bits: easy to read out, impossible to guess. */
export function newTemporaryPassword(): string {
  const text = base62FromBytes(randomBytes(128), 20);
  return (text.match(/.{5}/g) ?? []).join('-');
}
