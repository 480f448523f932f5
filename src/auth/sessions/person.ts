import type { Role } from '../../audit/actor.js';

/** Somebody who is signed in, as of the last look at their session. */
export interface Person {
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly role: Role;
  readonly mustChangePassword: boolean;
  readonly sessionId: string;
}

declare global {
  namespace Express {
    interface Request {
      /** Set by the access guard where a signed-in person asks. */
      person?: Person;
    }
  }
}
