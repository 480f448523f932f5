import { createHash, timingSafeEqual } from 'node:crypto';
import {
  type CanActivate,
  type ExecutionContext,
  Injectable,
  NotFoundException,
} from '@nestjs/common';
import type { Request } from 'express';
import { ApiError } from '../../common/errors/api-error.js';
import { isLoopback } from '../../common/net/is-loopback.js';
import { Configuration } from '../../config/configuration.js';

/** Whoever sends one of these speaks for somebody else, who may be anywhere. */
const FORWARDING_HEADERS = ['forwarded', 'x-forwarded-for', 'x-real-ip', 'via'];
const BEARER = /^bearer +(\S+) *$/i;

/**
 * Lets in what runs on this machine, and who has the token. Without a token, the others are told
 * that there is nothing here; with one, that they lack it.
 */
@Injectable()
export class MetricsAccess implements CanActivate {
  readonly #token: Buffer | undefined;

  constructor({ environment }: Configuration) {
    const { metricsToken } = environment;
    this.#token = metricsToken && digest(metricsToken.reveal());
  }

  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<Request>();
    if (isFromThisMachine(request)) return true;
    if (this.#token === undefined) throw new NotFoundException();
    const [, presented] = BEARER.exec(request.headers.authorization ?? '') ?? [];
    if (presented !== undefined && timingSafeEqual(digest(presented), this.#token)) return true;
    throw new ApiError(
      'invalid_api_key',
      'Send the metrics token as "Authorization: Bearer <token>".',
    );
  }
}

/** By the socket, not `request.ip`; a reverse proxy on this machine passes on what others ask. */
function isFromThisMachine({ socket, headers }: Request): boolean {
  if (!isLoopback(socket.remoteAddress)) return false;
  return FORWARDING_HEADERS.every((name) => headers[name] === undefined);
}

/** As long for every token, which a comparison in constant time needs. */
function digest(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
