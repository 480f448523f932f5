import { Injectable, Logger } from '@nestjs/common';
import { JwtService } from '@nestjs/jwt';
import { randomNonce, randomPKCECodeVerifier, randomState } from 'openid-client';
import { ApiError } from '../../common/errors/api-error.js';
import { Configuration } from '../../config/configuration.js';
import { JWT_ALGORITHM, JWT_ISSUER } from '../sessions/access-tokens.js';
import type { Origin } from '../sessions/session-record.js';
import type { SignedIn } from '../sessions/sign-in.service.js';
import { OidcAccounts } from './oidc-accounts.js';
import { type OidcFlow, OidcProvider } from './oidc-provider.js';
import { OidcRefusal } from './oidc-refusal.js';

/** How long somebody may take at the provider. */
export const OIDC_FLOW_SECONDS = 600;

const AUDIENCE = 'llm-proxy-oidc';
const TOKEN = { algorithm: JWT_ALGORITHM, issuer: JWT_ISSUER, audience: AUDIENCE } as const;

export interface StartedFlow {
  readonly url: URL;
  /** For a cookie of the browser: the flow, signed. */
  readonly flow: string;
}

/** Signing in with the provider: code flow with PKCE, state and nonce. */
@Injectable()
export class OidcSignIn {
  readonly #logger = new Logger(OidcSignIn.name);

  constructor(
    private readonly provider: OidcProvider,
    private readonly accounts: OidcAccounts,
    private readonly jwt: JwtService,
    private readonly configuration: Configuration,
  ) {}

  /** For the button of the page. */
  get offer(): { enabled: boolean; label: string | null } {
    const { isEnabled } = this.provider;
    return {
      enabled: isEnabled,
      label: isEnabled ? this.configuration.environment.oidcLabel : null,
    };
  }

  /** Throws `not_found` where there is no provider, and `OidcRefusal`. */
  async start(redirectUri: string): Promise<StartedFlow> {
    this.#refuseDisabled();
    const flow: OidcFlow = {
      state: randomState(),
      nonce: randomNonce(),
      verifier: randomPKCECodeVerifier(),
    };
    const url = await this.#logged(() => this.provider.authorizationUrl(flow, redirectUri));
    return { url, flow: this.jwt.sign({ ...flow }, { ...TOKEN, expiresIn: OIDC_FLOW_SECONDS }) };
  }

  /**
   * Throws `not_found` where there is no provider, and `OidcRefusal`.
   * @param signedFlow what `start` gave to this browser
   * @param currentUrl where the provider sent it back to
   */
  async finish(signedFlow: string | undefined, currentUrl: URL, origin: Origin): Promise<SignedIn> {
    this.#refuseDisabled();
    return this.#logged(async () => {
      const flow = this.#read(signedFlow);
      return this.accounts.signIn(await this.provider.claims(flow, currentUrl), origin);
    });
  }

  #read(signedFlow: string | undefined): OidcFlow {
    const { algorithm, ...expected } = TOKEN;
    try {
      return this.jwt.verify<OidcFlow>(signedFlow ?? '', { ...expected, algorithms: [algorithm] });
    } catch (cause) {
      throw new OidcRefusal('oidc_expired', { cause });
    }
  }

  #refuseDisabled(): void {
    if (!this.provider.isEnabled) throw new ApiError('not_found', 'There is no single sign-on.');
  }

  async #logged<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof OidcRefusal) {
        const { reason, cause } = error;
        this.#logger.warn({
          message: 'single sign-on refused',
          reason,
          ...(cause === undefined ? {} : { err: cause }),
        });
      }
      throw error;
    }
  }
}
