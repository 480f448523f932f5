import { Injectable } from '@nestjs/common';
import type { Request, Response } from 'express';
import { setActor } from '../../audit/acting.js';
import type { Person } from '../../auth/sessions/person.js';
import { RefreshTokens } from '../../auth/sessions/refresh-tokens.js';
import { type OpenSession, SessionsService } from '../../auth/sessions/sessions.service.js';
import { SignedInPeople } from '../../auth/sessions/signed-in-people.js';
import { ApiError } from '../../common/errors/api-error.js';
import { AuthCookies } from './auth-cookies.js';

/** The session that the refresh cookie of a browser is of. */
@Injectable()
export class CookieSessions {
  constructor(
    private readonly cookies: AuthCookies,
    private readonly tokens: RefreshTokens,
    private readonly sessions: SessionsService,
    private readonly people: SignedInPeople,
  ) {}

  /** Whoever could go on with the cookie. Changes nothing. */
  async find(request: Request): Promise<Person | undefined> {
    const token = this.cookies.refreshToken(request);
    const session = token === undefined ? undefined : await this.tokens.findContinuing(token);
    return session && this.people.find(session.id);
  }

  /** Throws `session_invalid`, and takes the cookie away that is good for nothing. */
  async rotate(request: Request, response: Response): Promise<OpenSession> {
    try {
      return await this.tokens.rotate(this.cookies.refreshToken(request) ?? '');
    } catch (error) {
      if (error instanceof ApiError && error.code === 'session_invalid') {
        this.cookies.clearRefreshToken(response);
      }
      throw error;
    }
  }

  /** Ends it, and that of the access token where the two are not the same. No session is fine, too. */
  async end(request: Request, response: Response): Promise<void> {
    const token = this.cookies.refreshToken(request);
    const session = token === undefined ? undefined : await this.tokens.findSession(token);
    const ofCookie = session && (await this.people.find(session.id));
    const people = new Map(
      [ofCookie, request.person].flatMap((person) => (person ? [[person.sessionId, person]] : [])),
    );
    for (const { id, email, role, sessionId } of people.values()) {
      setActor({ kind: 'person', id, name: email, role });
      await this.sessions.end(id, sessionId);
    }
    this.cookies.clearRefreshToken(response);
  }
}
