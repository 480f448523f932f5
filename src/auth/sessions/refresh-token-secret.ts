import { createHash, createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { Secret } from '../../common/secret.js';

/** The first refresh token of a session: 256 random bits. */
export function newRefreshToken(): Secret {
  return new Secret(randomBytes(32).toString('base64url'));
}

/** What is stored of one: SHA-256, hexadecimal. No salt is needed for what cannot be guessed. */
export function refreshTokenHash(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

/** Whether a text can be a refresh token at all. */
export function isRefreshToken(text: string): boolean {
  return /^[\w-]{43}$/.test(text);
}

/**
 * The token after a token. It follows from it and from the secret of the installation, so that two
 * tabs that refresh with the same token at once get the same next one, although only hashes are
 * stored; whoever has a token, or the database, cannot work it out.
 */
export class RefreshTokenChain {
  readonly #key: Buffer;

  constructor(secret: Secret) {
    this.#key = Buffer.from(hkdfSync('sha256', secret.reveal(), '', 'llm-proxy refresh', 32));
  }

  after(token: string): Secret {
    return new Secret(createHmac('sha256', this.#key).update(token).digest('base64url'));
  }
}
