import { type ExecutionContext, Injectable } from '@nestjs/common';
import { AuthGuard } from '@nestjs/passport';
import type { Request } from 'express';
import { ApiError } from '../../common/errors/api-error.js';
import { AccessTokenStrategy } from './access-token.strategy.js';
import type { Person } from './person.js';

/** Lets in whoever sends a good access token, as `request.person`; others get `session_invalid`. */
@Injectable()
export class SessionGuard extends AuthGuard() {
  constructor(strategy: AccessTokenStrategy) {
    super({ defaultStrategy: strategy.key, property: 'person' });
  }

  override handleRequest<Found>(error: unknown, person: Found | false | null): Found {
    // Not a word about what is wrong with the token.
    if (error instanceof Error) throw error;
    if (person === null || person === false) throw sessionInvalid();
    return person;
  }
}

/** Sets `request.person` for whoever is signed in, and lets everybody in. */
@Injectable()
export class OptionalSessionGuard extends AuthGuard() {
  constructor(strategy: AccessTokenStrategy) {
    super({ defaultStrategy: strategy.key, property: 'person' });
  }

  override handleRequest<Found>(error: unknown, person: Found | false | null): Found {
    if (error instanceof Error) throw error;
    return (person === false || person === null ? undefined : person) as Found;
  }
}

/** Who the request is of; for routes that only a signed-in person gets to. */
export function personOf(context: ExecutionContext): Person {
  const { person } = context.switchToHttp().getRequest<Request>();
  if (person === undefined) throw sessionInvalid();
  return person;
}

export function sessionInvalid(): ApiError {
  return new ApiError('session_invalid', 'You are not signed in, or your session has ended.');
}
