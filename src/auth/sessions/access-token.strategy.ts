import { randomUUID } from 'node:crypto';
import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import passport from 'passport';
import { ExtractJwt, Strategy } from 'passport-jwt';
import { Configuration } from '../../config/configuration.js';
import {
  ACCESS_AUDIENCE,
  ACCESS_TOKEN_SECONDS,
  type AccessClaims,
  JWT_ALGORITHM,
  JWT_ISSUER,
} from './access-tokens.js';
import type { Person } from './person.js';
import { SignedInPeople } from './signed-in-people.js';

const REQUIRED = ['iss', 'aud', 'exp', 'iat', 'jti', 'sid', 'sub'] as const;

/** Checks the access token of a request, and then the session that it is of. */
@Injectable()
export class AccessTokenStrategy extends PassportStrategy(Strategy) implements OnModuleDestroy {
  /**
   * Passport keeps strategies by name for the whole process; with one name, two applications in a
   * process would ask each other's database.
   */
  readonly key = `access-token:${randomUUID()}`;

  constructor(
    configuration: Configuration,
    private readonly people: SignedInPeople,
  ) {
    super({
      jwtFromRequest: ExtractJwt.fromAuthHeaderAsBearerToken(),
      secretOrKey: configuration.environment.jwtSecret.reveal(),
      algorithms: [JWT_ALGORITHM],
      issuer: JWT_ISSUER,
      audience: ACCESS_AUDIENCE,
      ignoreExpiration: false,
    });
    passport.use(this.key, this);
  }

  onModuleDestroy(): void {
    passport.unuse(this.key);
  }

  /** False refuses. */
  async validate(claims: Partial<AccessClaims>): Promise<Person | false> {
    if (!isComplete(claims)) return false;
    // However late a token says that it ends, it is good for ten minutes.
    if (claims.iat + ACCESS_TOKEN_SECONDS <= Date.now() / 1000) return false;
    const person = await this.people.find(claims.sid);
    return person?.id === claims.sub ? person : false;
  }
}

function isComplete(claims: Partial<AccessClaims>): claims is AccessClaims {
  return REQUIRED.every((name) => {
    const value = claims[name];
    return typeof value === (name === 'exp' || name === 'iat' ? 'number' : 'string');
  });
}
