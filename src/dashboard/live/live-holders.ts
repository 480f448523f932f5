import { Injectable } from '@nestjs/common';
import type { Request } from 'express';
import type { Role } from '../../audit/actor.js';
import { SignedInPeople } from '../../auth/sessions/signed-in-people.js';
import { CredentialsService } from '../../clients/credentials.service.js';
import { ApiError } from '../../common/errors/api-error.js';

/** What a live connection stands and falls with: an API key, or the session of a person. */
export interface LiveHolder {
  readonly kind: 'key' | 'session';
  /** Key id or session id. */
  readonly id: string;
}

/** What may be watched by whom, now. */
@Injectable()
export class LiveHolders {
  constructor(
    private readonly credentials: CredentialsService,
    private readonly people: SignedInPeople,
  ) {}

  /** Of a request that the access guard let in. */
  holderOf({ person, principal }: Request): LiveHolder {
    if (person !== undefined) return { kind: 'session', id: person.sessionId };
    if (principal !== undefined) return { kind: 'key', id: principal.keyId };
    throw new ApiError('session_invalid', 'Sign in first.');
  }

  /** Undefined when it is good no more. Rejects when the database cannot be read. */
  async roleOf({ kind, id }: LiveHolder): Promise<Role | undefined> {
    if (kind === 'session') {
      const person = await this.people.find(id);
      return person === undefined || person.mustChangePassword ? undefined : person.role;
    }
    const key = await this.credentials.find(id);
    if (key === undefined || key.revokedAt !== null || !key.isClientActive) return undefined;
    if (key.expiresAt !== null && key.expiresAt <= Date.now()) return undefined;
    return key.role === 'admin' ? 'admin' : undefined;
  }
}
