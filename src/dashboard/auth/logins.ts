import { Injectable } from '@nestjs/common';
import type { Request, Response } from 'express';
import { ACCESS_TOKEN_SECONDS, AccessTokens } from '../../auth/sessions/access-tokens.js';
import type { Person } from '../../auth/sessions/person.js';
import { sessionInvalid } from '../../auth/sessions/session.guard.js';
import type { Origin } from '../../auth/sessions/session-record.js';
import type { OpenSession } from '../../auth/sessions/sessions.service.js';
import { SignedInPeople } from '../../auth/sessions/signed-in-people.js';
import { AuthCookies } from './auth-cookies.js';
import type { LoginView, PersonView } from './auth.view.js';

/** How a session is handed to the browser. */
@Injectable()
export class Logins {
  constructor(
    private readonly tokens: AccessTokens,
    private readonly people: SignedInPeople,
    private readonly cookies: AuthCookies,
  ) {}

  /** Throws `session_invalid` when it ended meanwhile. */
  async handOver(response: Response, open: OpenSession): Promise<LoginView> {
    const person = await this.people.find(open.session.id);
    if (person === undefined) throw sessionInvalid();
    this.cookies.setRefreshToken(response, open);
    return {
      accessToken: this.tokens.sign(open.session).reveal(),
      expiresIn: ACCESS_TOKEN_SECONDS,
      mustChangePassword: person.mustChangePassword,
      user: personView(person),
    };
  }
}

export function personView({ id, email, name, role, mustChangePassword }: Person): PersonView {
  return { id, email, name, role, mustChangePassword };
}

export function originOf(request: Request): Origin {
  return { address: request.ip ?? null, userAgent: request.headers['user-agent'] ?? null };
}
