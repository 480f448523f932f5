import { Injectable } from '@nestjs/common';
import { JwtService } from '@nestjs/jwt';
import { v4 as uuidV4 } from 'uuid';
import { Secret } from '../../common/secret.js';

export const ACCESS_TOKEN_SECONDS = 600;

/** The one algorithm, whatever a token says of itself. */
export const JWT_ALGORITHM = 'HS256';
export const JWT_ISSUER = 'llm-proxy';
export const ACCESS_AUDIENCE = 'llm-proxy-dashboard';

/** What an access token says; all of it must be there. Times are epoch seconds. */
export interface AccessClaims {
  readonly iss: string;
  readonly aud: string;
  readonly exp: number;
  readonly iat: number;
  readonly jti: string;
  /** Session id. */
  readonly sid: string;
  /** User id. */
  readonly sub: string;
}

/** Makes access tokens; `AccessTokenStrategy` checks them. */
@Injectable()
export class AccessTokens {
  constructor(private readonly jwt: JwtService) {}

  sign({ id, userId }: { id: string; userId: string }): Secret {
    const token = this.jwt.sign(
      { sid: id },
      {
        algorithm: JWT_ALGORITHM,
        issuer: JWT_ISSUER,
        audience: ACCESS_AUDIENCE,
        subject: userId,
        jwtid: uuidV4(),
        expiresIn: ACCESS_TOKEN_SECONDS,
      },
    );
    return new Secret(token);
  }
}

/** Whether a text has the form of a signed token, which no API key of the product has. */
export function looksLikeAccessToken(text: string): boolean {
  return /^eyJ[\w-]*\.[\w-]+\.[\w-]*$/.test(text);
}
