/** What each role may is in `docs/roles.md`; a higher one may all that a lower one may. */
export const ROLES = ['viewer', 'operator', 'admin'] as const;
export type Role = (typeof ROLES)[number];

export interface SignedInUser {
  id: string;
  email: string;
  name: string;
  role: Role;
}

/** Answer of `POST /api/auth/login`, `refresh`, `setup` and `change-password`. */
export interface SessionAnswer {
  accessToken: string;
  /** Seconds. */
  expiresIn: number;
  mustChangePassword: boolean;
  user: SignedInUser;
}

/** Answer of `GET /api/auth/status`, which anybody may ask. */
export interface AuthStatus {
  signedIn: boolean;
  /** Nobody can sign in yet: the set-up link that the server printed makes the first account. */
  setupRequired: boolean;
  oidc: { enabled: boolean; label: string | null };
}
