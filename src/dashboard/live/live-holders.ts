import { Inject, Injectable, Optional } from '@nestjs/common';
import type { Request } from 'express';
import type { Role } from '../../audit/actor.js';
import { CredentialsService } from '../../clients/credentials.service.js';
import { ApiError } from '../../common/errors/api-error.js';

/** What a live connection stands and falls with: an API key, or the session of a person. */
export interface LiveHolder {
  readonly kind: 'key' | 'session';
  /** Key id or session id. */
  readonly id: string;
}

/** Injection token of the `SessionLookup`; absent where nobody can sign in. */
export const SESSION_LOOKUP = Symbol('SESSION_LOOKUP');

/** Who is signed in by a session. */
export interface SessionLookup {
  /** Undefined when the session has ended or its user may not sign in. */
  find(
    sessionId: string,
  ): Promise<{ readonly role: Role; readonly mustChangePassword: boolean } | undefined>;
}

/** What may be watched by whom, now. */
@Injectable()
export class LiveHolders {
  constructor(
    private readonly credentials: CredentialsService,
    @Optional() @Inject(SESSION_LOOKUP) private readonly sessions?: SessionLookup,
  ) {}

  /** Of a request that the access guard let in. */
  holderOf(request: Request): LiveHolder {
    if (request.principal !== undefined) return { kind: 'key', id: request.principal.keyId };
    const { user } = request as { user?: { sessionId?: unknown } };
    if (typeof user?.sessionId === 'string') return { kind: 'session', id: user.sessionId };
    throw new ApiError('session_invalid', 'Sign in first.');
  }

  /** Undefined when it is good no more. Rejects when the database cannot be read. */
  async roleOf({ kind, id }: LiveHolder): Promise<Role | undefined> {
    if (kind === 'session') {
      const person = await this.sessions?.find(id);
      return person === undefined || person.mustChangePassword ? undefined : person.role;
    }
    const key = await this.credentials.find(id);
    if (key === undefined || key.revokedAt !== null || !key.isClientActive) return undefined;
    if (key.expiresAt !== null && key.expiresAt <= Date.now()) return undefined;
    return key.role === 'admin' ? 'admin' : undefined;
  }
}
