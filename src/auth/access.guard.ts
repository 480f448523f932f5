import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import type { Request } from 'express';
import { setActor } from '../audit/acting.js';
import { includesRole } from '../audit/actor.js';
import { ApiError } from '../common/errors/api-error.js';
import {
  accessDecisionsOf,
  type AccessDecision,
  isOpenBeforePasswordChange,
} from './access.decorators.js';
import { ApiKeyAuthenticator } from './api-key-authenticator.js';
import { findPresentedKey } from './presented-key.js';
import type { Principal } from './principal.js';
import { looksLikeAccessToken } from './sessions/access-tokens.js';
import { personOf, SessionGuard, sessionInvalid } from './sessions/session.guard.js';

/** One text for a missing, unknown, revoked and expired key, so that it tells nobody which it was. */
const INVALID_KEY_MESSAGE =
  'Missing or invalid API key. Send a valid key as "Authorization: Bearer <key>" or "x-api-key: <key>".';

/**
 * The one global guard. It denies by default: a route opens only through the one decision that
 * `@Public()`, `@ApiKeyAccess()`, `@PersonAccess()` or `@RoleAccess()` states for it.
 */
@Injectable()
export class AccessGuard implements CanActivate {
  /** By handler, which belongs to one controller only. */
  readonly #decisions = new WeakMap<object, readonly AccessDecision[]>();

  constructor(
    private readonly authenticator: ApiKeyAuthenticator,
    private readonly sessions: SessionGuard,
  ) {}

  /** At once for a key that is known, which saves most requests a promise. */
  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    const decisions = this.#decisionsOf(context);
    const [decision] = decisions;
    if (context.getType() !== 'http' || decisions.length !== 1) return denyUndecided();
    if (decision === undefined || decision === 'public') return true;

    const request = context.switchToHttp().getRequest<Request>();
    const presented = findPresentedKey(request);
    if (decision !== 'api-key') {
      if (presented === undefined) throw sessionInvalid();
      if (looksLikeAccessToken(presented)) return this.#admitPerson(context, decision);
    }
    if (presented === undefined) throw new ApiError('invalid_api_key', INVALID_KEY_MESSAGE);
    // The socket's own address, not `request.ip`: forwarded headers can be made up.
    const found = this.authenticator.authenticate(presented, request.socket.remoteAddress);
    return found instanceof Promise
      ? found.then((principal) => admitKey(request, principal, decision))
      : admitKey(request, found, decision);
  }

  async #admitPerson(
    context: ExecutionContext,
    decision: Exclude<AccessDecision, 'public' | 'api-key'>,
  ): Promise<boolean> {
    await this.sessions.canActivate(context);
    const person = personOf(context);
    if (person.mustChangePassword && !isOpenBeforePasswordChange(context.getHandler())) {
      throw new ApiError('password_change_required', 'Change your password first.');
    }
    if (decision !== 'person' && !includesRole(person.role, decision)) {
      throw denied(`This needs the role ${decision}.`);
    }
    setActor({ kind: 'person', id: person.id, name: person.email, role: person.role });
    return true;
  }

  #decisionsOf(context: ExecutionContext): readonly AccessDecision[] {
    const handler = context.getHandler();
    let decisions = this.#decisions.get(handler);
    if (decisions === undefined) {
      decisions = accessDecisionsOf(context.getClass(), handler);
      this.#decisions.set(handler, decisions);
    }
    return decisions;
  }
}

function admitKey(
  request: Request,
  principal: Principal | undefined,
  decision: Exclude<AccessDecision, 'public'>,
): boolean {
  if (principal === undefined) throw new ApiError('invalid_api_key', INVALID_KEY_MESSAGE);
  request.principal = principal;
  if (decision === 'api-key') return true;
  if (decision === 'person') throw denied('This is for people who are signed in.');
  if (principal.role !== 'admin') throw denied('This needs an API key with the role admin.');
  setActor({ kind: 'key', id: principal.keyId, name: principal.clientName, role: 'admin' });
  return true;
}

function denyUndecided(): never {
  throw denied('This route is closed.');
}

function denied(message: string): ApiError {
  return new ApiError('insufficient_permissions', message);
}
