import type { Role } from '../../audit/actor.js';
import type { User } from '../../auth/people/user.entity.js';

/** Somebody who may sign in. */
export class UserView {
  id!: string;
  email!: string;
  name!: string;
  role!: Role;
  isActive!: boolean;
  mustChangePassword!: boolean;
  /** Issuer of the single sign-on that they are known to; null where they use a password only. */
  oidcIssuer!: string | null;
  /** ISO 8601, as all times. */
  createdAt!: string;
  updatedAt!: string;
  /** Null when they never signed in. */
  lastLoginAt!: string | null;
}

/** A user who has a password that somebody else knows: it is to be changed at the next sign-in. */
export class UserWithPasswordView extends UserView {
  /** Shown this once; null when the caller chose it. */
  temporaryPassword!: string | null;
}

export class UserPage {
  items!: UserView[];
  /** Null on the last page. */
  nextCursor!: string | null;
}

export function userView(user: User): UserView {
  const { id, email, name, role, isActive, mustChangePassword, oidcIssuer, lastLoginAt } = user;
  return {
    id,
    email,
    name,
    role,
    isActive,
    mustChangePassword,
    oidcIssuer,
    createdAt: new Date(user.createdAt).toISOString(),
    updatedAt: new Date(user.updatedAt).toISOString(),
    lastLoginAt: lastLoginAt === null ? null : new Date(lastLoginAt).toISOString(),
  };
}
