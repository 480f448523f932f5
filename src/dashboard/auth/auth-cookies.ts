import { Injectable } from '@nestjs/common';
import type { CookieOptions, Request, Response } from 'express';
import type { OpenSession } from '../../auth/sessions/sessions.service.js';
import { findCookie } from '../../common/http/request-cookie.js';
import { isLoopback, isLoopbackHost } from '../../common/net/is-loopback.js';
import { Configuration } from '../../config/configuration.js';

const REFRESH = 'llm_proxy_refresh';
const OIDC = 'llm_proxy_oidc';

/** The cookies of signing in. No script can read them, and they go to the routes that need them only. */
@Injectable()
export class AuthCookies {
  readonly #path: string;

  constructor(configuration: Configuration) {
    this.#path = `${configuration.environment.basePath}/api/auth`;
  }

  refreshToken(request: Request): string | undefined {
    return findCookie(request, REFRESH);
  }

  setRefreshToken(response: Response, { session, refreshToken }: OpenSession): void {
    const options = { ...this.#refreshOptions(response), expires: new Date(session.expiresAt) };
    response.cookie(REFRESH, refreshToken.reveal(), options);
  }

  clearRefreshToken(response: Response): void {
    response.clearCookie(REFRESH, this.#refreshOptions(response));
  }

  oidcFlow(request: Request): string | undefined {
    return findCookie(request, OIDC);
  }

  setOidcFlow(response: Response, flow: string, seconds: number): void {
    response.cookie(OIDC, flow, { ...this.#oidcOptions(response), maxAge: seconds * 1000 });
  }

  clearOidcFlow(response: Response): void {
    response.clearCookie(OIDC, this.#oidcOptions(response));
  }

  #refreshOptions({ req }: Response): CookieOptions {
    return { httpOnly: true, sameSite: 'strict', path: this.#path, secure: mustBeSecure(req) };
  }

  /** The provider sends the browser back from another site, where strict cookies stay behind. */
  #oidcOptions({ req }: Response): CookieOptions {
    return {
      httpOnly: true,
      sameSite: 'lax',
      path: `${this.#path}/oidc`,
      secure: mustBeSecure(req),
    };
  }
}

/** Always, but for a browser on this very machine: a proxy in front of us has another name. */
function mustBeSecure(request: Request): boolean {
  if (request.secure) return true;
  return !(isLoopback(request.socket.remoteAddress) && isLoopbackHost(request.hostname));
}
