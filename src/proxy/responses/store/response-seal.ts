import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { Secret } from '../../../common/secret.js';

const ALGORITHM = 'aes-256-gcm';
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const MAX_KEYS = 1000;

/**
 * Seals what clients said and were told, with a key of its own for each client: whoever has the
 * database alone cannot read it, and no mistake in a query shows it to another client.
 */
export class ResponseSeal {
  readonly #keys = new LRUCache<string, Buffer>({ max: MAX_KEYS });

  constructor(private readonly secret: Secret) {}

  seal(text: string, clientId: string, id: string): string {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv(ALGORITHM, this.#keyOf(clientId), nonce).setAAD(Buffer.from(id));
    const sealed = Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final()]);
    return Buffer.concat([sealed, cipher.getAuthTag()]).toString('base64');
  }

  /** Undefined when it was not sealed for this client and id, or under another secret. */
  open(sealed: string, clientId: string, id: string): string | undefined {
    const bytes = Buffer.from(sealed, 'base64');
    if (bytes.length < NONCE_BYTES + TAG_BYTES) return undefined;
    const decipher = createDecipheriv(
      ALGORITHM,
      this.#keyOf(clientId),
      bytes.subarray(0, NONCE_BYTES),
    )
      .setAAD(Buffer.from(id))
      .setAuthTag(bytes.subarray(-TAG_BYTES));
    try {
      const text = decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES));
      return Buffer.concat([text, decipher.final()]).toString('utf8');
    } catch {
      return undefined;
    }
  }

  #keyOf(clientId: string): Buffer {
    let key = this.#keys.get(clientId);
    if (key === undefined) {
      const material = Buffer.from(this.secret.reveal());
      key = Buffer.from(
        hkdfSync('sha256', material, '', `stored responses\n${clientId}`, KEY_BYTES),
      );
      this.#keys.set(clientId, key);
    }
    return key;
  }
}
