import { Injectable } from '@nestjs/common';
import {
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  calculatePKCECodeChallenge,
  type ClientAuth,
  ClientSecretBasic,
  ClientSecretPost,
  Configuration as ClientConfiguration,
  discovery,
  fetchUserInfo,
  None,
  type ServerMetadata,
} from 'openid-client';
import { Configuration } from '../../config/configuration.js';
import type { OidcClaims } from './oidc-claims.js';
import { OidcRefusal } from './oidc-refusal.js';

const TIMEOUT_SECONDS = 10;

/** What the browser keeps between going to the provider and coming back. */
export interface OidcFlow {
  readonly state: string;
  readonly nonce: string;
  /** Of PKCE. */
  readonly verifier: string;
}

/** The provider of single sign-on, found by its issuer when it is first needed. */
@Injectable()
export class OidcProvider {
  readonly #issuer: string | undefined;
  readonly #clientId: string;
  #client: Promise<ClientConfiguration> | undefined;

  constructor(private readonly configuration: Configuration) {
    const { oidcIssuer, oidcClientId } = configuration.environment;
    this.#issuer = oidcIssuer;
    this.#clientId = oidcClientId ?? '';
  }

  get isEnabled(): boolean {
    return this.#issuer !== undefined;
  }

  /** Where the browser goes. Throws `OidcRefusal`. */
  async authorizationUrl(flow: OidcFlow, redirectUri: string): Promise<URL> {
    const client = await this.#open();
    return buildAuthorizationUrl(client, {
      redirect_uri: redirectUri,
      scope: 'openid email profile',
      response_type: 'code',
      state: flow.state,
      nonce: flow.nonce,
      code_challenge: await calculatePKCECodeChallenge(flow.verifier),
      code_challenge_method: 'S256',
    });
  }

  /**
   * What the provider says of whoever came back. Throws `OidcRefusal`.
   * @param currentUrl where the browser came back to, with its query
   */
  async claims(flow: OidcFlow, currentUrl: URL): Promise<OidcClaims> {
    if (currentUrl.searchParams.has('error')) throw new OidcRefusal('oidc_denied');
    const client = await this.#open();
    try {
      const tokens = await authorizationCodeGrant(client, currentUrl, {
        pkceCodeVerifier: flow.verifier,
        expectedState: flow.state,
        expectedNonce: flow.nonce,
        idTokenExpected: true,
      });
      const claims = tokens.claims();
      if (claims === undefined) throw new OidcRefusal('oidc_denied');
      return await this.#withUserInfo(client, claims, tokens.access_token);
    } catch (cause) {
      if (cause instanceof OidcRefusal) throw cause;
      throw new OidcRefusal('oidc_denied', { cause });
    }
  }

  /** Some providers keep the address, or the groups, out of the ID token. */
  async #withUserInfo(
    client: ClientConfiguration,
    claims: OidcClaims,
    accessToken: string,
  ): Promise<OidcClaims> {
    const { oidcRoleClaim } = this.configuration.environment;
    const [root = ''] = oidcRoleClaim?.split('.') ?? [];
    const isComplete =
      claims['email'] !== undefined &&
      (oidcRoleClaim === undefined || claims[oidcRoleClaim] !== undefined || root in claims);
    if (isComplete || client.serverMetadata().userinfo_endpoint === undefined) return claims;
    return { ...(await fetchUserInfo(client, accessToken, claims.sub)), ...claims };
  }

  /** Found once; what failed is tried again by the next who signs in. */
  async #open(): Promise<ClientConfiguration> {
    this.#client ??= this.#discover();
    try {
      return await this.#client;
    } catch (cause) {
      this.#client = undefined;
      throw new OidcRefusal('oidc_unavailable', { cause });
    }
  }

  async #discover(): Promise<ClientConfiguration> {
    const issuer = new URL(this.#issuer ?? '');
    // The environment is checked: without TLS it is this machine.
    const isPlain = issuer.protocol === 'http:';
    // oxlint-disable-next-line typescript/no-deprecated -- marked so that it stands out
    const options = { timeout: TIMEOUT_SECONDS, execute: isPlain ? [allowInsecureRequests] : [] };
    const found = await discovery(issuer, this.#clientId, undefined, None(), options);
    const server = found.serverMetadata();
    const client = new ClientConfiguration(
      server,
      this.#clientId,
      {},
      this.#authentication(server),
    );
    client.timeout = TIMEOUT_SECONDS;
    // oxlint-disable-next-line typescript/no-deprecated -- as above
    if (isPlain) allowInsecureRequests(client);
    return client;
  }

  #authentication(server: ServerMetadata): ClientAuth {
    const secret = this.configuration.environment.oidcClientSecret?.reveal();
    if (secret === undefined) return None();
    // A provider that names no method has this one.
    const methods = server.token_endpoint_auth_methods_supported ?? ['client_secret_basic'];
    return methods.includes('client_secret_post')
      ? ClientSecretPost(secret)
      : ClientSecretBasic(secret);
  }
}
