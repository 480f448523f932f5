/** Why nobody was signed in; the page turns it into a sentence. */
export type OidcRefusalReason =
  /** The provider does not answer, or not as it should. */
  | 'oidc_unavailable'
  /** The person, or the provider, broke it off. */
  | 'oidc_denied'
  /** It took too long, or was begun in another browser. */
  | 'oidc_expired'
  /** The provider tells no e-mail address, or has not verified the one that this needs. */
  | 'oidc_email_unverified'
  /** Not of the domains that may sign in, without a role, or disabled here. */
  | 'oidc_not_allowed';

/** Signing in with the provider did not work out. */
export class OidcRefusal extends Error {
  override readonly name = 'OidcRefusal';

  constructor(
    readonly reason: OidcRefusalReason,
    options?: ErrorOptions,
  ) {
    super(`Single sign-on: ${reason}`, options);
  }
}
