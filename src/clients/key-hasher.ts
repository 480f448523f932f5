import { createHmac, createSecretKey, type KeyObject } from 'node:crypto';
import type { Secret } from '../common/secret.js';

/**
 * What is stored of a key instead of the key: HMAC-SHA-256 under a pepper that is not in the
 * database, so that a stolen database gives no key away and none can be put in.
 */
export class KeyHasher {
  readonly #pepper: KeyObject;

  constructor(pepper: Secret) {
    this.#pepper = createSecretKey(pepper.reveal(), 'utf8');
  }

  /** 64 hexadecimal characters. */
  hash(key: string): string {
    return createHmac('sha256', this.#pepper).update(key).digest('hex');
  }
}
