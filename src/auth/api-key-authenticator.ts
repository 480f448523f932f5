import type { Principal } from './principal.js';

export abstract class ApiKeyAuthenticator {
  /**
   * Whom a key belongs to; undefined when it is unknown, revoked, expired or its client inactive.
   * A cached key is answered at once, without a promise.
   * @param remoteAddress of the socket, never of a forwarded header; demo keys are good on loopback only.
   */
  abstract authenticate(
    presentedKey: string,
    remoteAddress: string | undefined,
  ): Principal | undefined | Promise<Principal | undefined>;
}
