import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import type { Secret } from '../secret.js';

const VERSION = 'v1';
const ALGORITHM = 'aes-256-gcm';
const KEY_BYTES = 32;
const MASTER_ID_BYTES = 6;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** Where a sealed text belongs: moved elsewhere it does not open. */
export interface SealedPlace {
  /** Of the row; it has a key of its own. */
  readonly id: string;
  /** What else must stay as it was, such as the address that a key may be sent to. */
  readonly bound: string;
}

/** The text was sealed under another master key. */
export class OtherMasterKeyError extends Error {
  override readonly name = 'OtherMasterKeyError';

  constructor() {
    super('It was sealed with another master key');
  }
}

/** The text, or what it is bound to, was changed after it was sealed. */
export class BrokenSealError extends Error {
  override readonly name = 'BrokenSealError';

  constructor(options?: ErrorOptions) {
    super('It was changed after it was sealed, or belongs to another place', options);
  }
}

/**
 * Seals texts for the database under one master key: AES-256-GCM, a nonce for each sealing, a key
 * derived for each row. A sealed text names its master key by a digest, so that the wrong one is
 * told from a changed text.
 */
export class Sealer {
  readonly #master: Buffer;
  readonly #masterId: string;

  /** @param master base64 of 32 bytes at least */
  constructor(master: Secret) {
    this.#master = Buffer.from(master.reveal(), 'base64');
    this.#masterId = this.#derive('id of the master key', MASTER_ID_BYTES).toString('base64url');
  }

  seal(text: string, place: SealedPlace): string {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv(ALGORITHM, this.#keyOf(place), nonce).setAAD(boundTo(place));
    const body = Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final()]);
    const sealed = Buffer.concat([body, cipher.getAuthTag()]).toString('base64url');
    return [VERSION, this.#masterId, sealed].join('.');
  }

  /** Throws `OtherMasterKeyError` or `BrokenSealError`. */
  open(sealed: string, place: SealedPlace): string {
    const [version, masterId, body = ''] = sealed.split('.');
    const bytes = Buffer.from(body, 'base64url');
    if (version !== VERSION || bytes.length < NONCE_BYTES + TAG_BYTES) throw new BrokenSealError();
    if (masterId !== this.#masterId) throw new OtherMasterKeyError();
    const nonce = bytes.subarray(0, NONCE_BYTES);
    const decipher = createDecipheriv(ALGORITHM, this.#keyOf(place), nonce)
      .setAAD(boundTo(place))
      .setAuthTag(bytes.subarray(-TAG_BYTES));
    try {
      const text = decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES));
      return Buffer.concat([text, decipher.final()]).toString('utf8');
    } catch (error) {
      throw new BrokenSealError({ cause: error });
    }
  }

  #keyOf({ id }: SealedPlace): Buffer {
    return this.#derive(`sealed row\n${id}`, KEY_BYTES);
  }

  #derive(purpose: string, bytes: number): Buffer {
    return Buffer.from(hkdfSync('sha256', this.#master, '', `llm-proxy ${purpose}`, bytes));
  }
}

function boundTo({ id, bound }: SealedPlace): Buffer {
  return Buffer.from(JSON.stringify([id, bound]));
}
