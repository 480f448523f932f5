import { User } from './people/user.entity.js';
import { RefreshToken } from './sessions/refresh-token.entity.js';
import { Session } from './sessions/session.entity.js';
import { SignInGuess } from './sessions/sign-in-guess.entity.js';
import { SetupToken } from './setup/setup-token.entity.js';

/** To be given to the data sources. */
export const AUTH_ENTITIES = [User, Session, RefreshToken, SignInGuess, SetupToken];
