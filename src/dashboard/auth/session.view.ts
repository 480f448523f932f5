import type { Session } from '../../auth/sessions/session.entity.js';

/** A browser in which somebody is signed in. */
export class SessionView {
  id!: string;
  /** ISO 8601, as all times. */
  createdAt!: string;
  /** The last sign-in or refresh. */
  lastUsedAt!: string;
  expiresAt!: string;
  /** Where it was opened. */
  address!: string | null;
  userAgent!: string | null;
  /** The one that asks. */
  isCurrent!: boolean;
}

export class SessionPage {
  items!: SessionView[];
  /** Null on the last page. */
  nextCursor!: string | null;
}

/** @param current the session that asks, if one does */
export function sessionView(session: Session, current: string | undefined): SessionView {
  return {
    id: session.id,
    createdAt: new Date(session.createdAt).toISOString(),
    lastUsedAt: new Date(session.lastUsedAt).toISOString(),
    expiresAt: new Date(session.expiresAt).toISOString(),
    address: session.address,
    userAgent: session.userAgent,
    isCurrent: session.id === current,
  };
}
