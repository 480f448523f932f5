import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import type { Request } from 'express';
import { ApiError } from '../../common/errors/api-error.js';

/** No form and no link can send it, and another site's script only with our leave. */
export const CSRF_HEADER = 'x-llm-proxy-csrf';

/** Refuses what a page of another site sends, where the browser says so. */
@Injectable()
export class SameOriginGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<Request>();
    const { origin } = request.headers;
    if (origin === undefined || URL.parse(origin)?.host === request.host) return true;
    throw new ApiError('cross_site_request', 'The request comes from a page of another site.');
  }
}

/** For routes that a cookie opens: they want a header of our own as well. */
@Injectable()
export class CookieRouteGuard extends SameOriginGuard {
  override canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<Request>();
    if (request.headers[CSRF_HEADER] === '1') return super.canActivate(context);
    throw new ApiError('cross_site_request', `This needs the header ${CSRF_HEADER}: 1.`);
  }
}
