import { Module } from '@nestjs/common';
import { JwtModule } from '@nestjs/jwt';
import { Configuration } from '../../config/configuration.js';
import { OwnPassword } from '../people/own-password.js';
import { PeopleModule } from '../people/people.module.js';
import { AccessTokenStrategy } from './access-token.strategy.js';
import { AccessTokens } from './access-tokens.js';
import { RefreshTokens } from './refresh-tokens.js';
import { SessionCleanUp } from './session-clean-up.js';
import { OptionalSessionGuard, SessionGuard } from './session.guard.js';
import { SessionsService } from './sessions.service.js';
import { SignedInPeople } from './signed-in-people.js';
import { SignIn } from './sign-in.service.js';
import { SignInGuesses } from './sign-in-guesses.js';

const EXPORTED = [
  AccessTokens,
  AccessTokenStrategy,
  OptionalSessionGuard,
  OwnPassword,
  RefreshTokens,
  SessionGuard,
  SessionsService,
  SignedInPeople,
  SignIn,
];

/** Who is signed in. */
@Module({
  imports: [
    PeopleModule,
    JwtModule.registerAsync({
      inject: [Configuration],
      useFactory: ({ environment }: Configuration) => ({ secret: environment.jwtSecret.reveal() }),
    }),
  ],
  providers: [...EXPORTED, SessionCleanUp, SignInGuesses],
  exports: [...EXPORTED, PeopleModule, JwtModule],
})
export class SessionsModule {}
