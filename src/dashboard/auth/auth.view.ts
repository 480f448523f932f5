import type { Role } from '../../audit/actor.js';

/** Whoever is signed in. */
export class PersonView {
  id!: string;
  email!: string;
  name!: string;
  role!: Role;
  /** Every route but those of signing in is closed until it is changed. */
  mustChangePassword!: boolean;
}

/** Somebody was signed in. The refresh token is in a cookie. */
export class LoginView {
  /** To be sent as `Authorization: Bearer`. */
  accessToken!: string;
  /** Seconds until the access token has to be refreshed. */
  expiresIn!: number;
  mustChangePassword!: boolean;
  user!: PersonView;
}

export class OidcOfferView {
  enabled!: boolean;
  /** Name of the provider; null where there is none. */
  label!: string | null;
}

export class StatusView {
  /** By the access token or, without one, the refresh cookie; both are really checked. */
  signedIn!: boolean;
  /** There is no administrator yet. */
  setupRequired!: boolean;
  oidc!: OidcOfferView;
  user?: PersonView;
}
