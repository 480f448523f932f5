import type { User } from '../people/user.entity.js';
import type { Session } from './session.entity.js';

/** Where somebody signs in from. */
export interface Origin {
  readonly address: string | null;
  readonly userAgent: string | null;
}

/** A session as the audit log shows it. */
export function sessionRecord({ userId, address, userAgent }: Session): object {
  return { userId, address, userAgent };
}

export function sessionSubject(session: Session, { email }: Pick<User, 'email'>) {
  return { type: 'session', id: session.id, name: email };
}
