import type { User } from './user.entity.js';

/** A user as the audit log shows them; nothing of the password. */
export function userRecord(user: User): object {
  const { email, name, role, isActive, mustChangePassword, oidcIssuer } = user;
  return { email, name, role, isActive, mustChangePassword, oidcIssuer };
}

export function userSubject({ id, email }: User) {
  return { type: 'user', id, name: email };
}
