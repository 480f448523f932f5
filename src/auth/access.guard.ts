import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import type { Request } from 'express';
import { setActor } from '../audit/acting.js';
import { ApiError } from '../common/errors/api-error.js';
import { accessDecisionsOf, type AccessDecision } from './access.decorators.js';
import { ApiKeyAuthenticator } from './api-key-authenticator.js';
import { findPresentedKey } from './presented-key.js';
import type { Principal } from './principal.js';

/** One text for a missing, unknown, revoked and expired key, so that it tells nobody which it was. */
const INVALID_KEY_MESSAGE =
  'Missing or invalid API key. Send a valid key as "Authorization: Bearer <key>" or "x-api-key: <key>".';

/**
 * The one global guard. It denies by default: a route opens only through the one decision that
 * `@Public()`, `@ApiKeyAccess()` or `@RoleAccess()` states for it.
 */
@Injectable()
export class AccessGuard implements CanActivate {
  /** By handler, which belongs to one controller only. */
  readonly #decisions = new WeakMap<object, readonly AccessDecision[]>();

  constructor(private readonly authenticator: ApiKeyAuthenticator) {}

  /** At once for a key that is known, which saves most requests a promise. */
  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    const decisions = this.#decisionsOf(context);
    if (context.getType() !== 'http' || decisions.length !== 1) return denyUndecided();
    if (decisions[0] === 'public') return true;

    const request = context.switchToHttp().getRequest<Request>();
    const presentedKey = findPresentedKey(request);
    if (presentedKey === undefined) throw new ApiError('invalid_api_key', INVALID_KEY_MESSAGE);
    // The socket's own address, not `request.ip`: forwarded headers can be made up.
    const found = this.authenticator.authenticate(presentedKey, request.socket.remoteAddress);
    const isForRole = decisions[0] !== 'api-key';
    return found instanceof Promise
      ? found.then((principal) => admit(request, principal, isForRole))
      : admit(request, found, isForRole);
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

function admit(request: Request, principal: Principal | undefined, isForRole: boolean): boolean {
  if (principal === undefined) throw new ApiError('invalid_api_key', INVALID_KEY_MESSAGE);
  request.principal = principal;
  if (!isForRole) return true;
  if (principal.role !== 'admin') {
    throw new ApiError('insufficient_permissions', 'This needs an API key with the role admin.');
  }
  setActor({ kind: 'key', id: principal.keyId, name: principal.clientName, role: 'admin' });
  return true;
}

function denyUndecided(): never {
  throw new ApiError('insufficient_permissions', 'This route is closed.');
}
