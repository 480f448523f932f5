import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { ApiError } from '../../common/errors/api-error.js';
import { READER } from '../../database/data-source-options.js';
import { GroupCommitWriter } from '../../database/group-commit-writer.js';
import { normalEmail } from '../people/user-fields.js';
import { User } from '../people/user.entity.js';
import { PasswordHasher } from '../passwords/password-hasher.js';
import type { Origin } from './session-record.js';
import { type OpenSession, SessionsService } from './sessions.service.js';
import { SignInGuesses } from './sign-in-guesses.js';

export interface Credentials {
  readonly email: string;
  readonly password: string;
}

export interface SignedIn extends OpenSession {
  readonly user: User;
}

/** Signing in with a password. */
@Injectable()
export class SignIn {
  constructor(
    private readonly guesses: SignInGuesses,
    private readonly hasher: PasswordHasher,
    private readonly sessions: SessionsService,
    private readonly writer: GroupCommitWriter,
    @InjectDataSource(READER) private readonly reader: DataSource,
  ) {}

  /**
   * Throws `invalid_credentials` after the same work whatever is wrong, `rate_limit_exceeded` after
   * too many guesses, `overloaded` when too many people sign in at once.
   */
  async signIn({ email, password }: Credentials, origin: Origin): Promise<SignedIn> {
    const found = await this.#find(email);
    await this.checkPassword(found?.passwordHash ?? null, { email, password }, origin.address);
    return this.writer.transaction(async (manager) => {
      // While it was checked, the password may have been changed and the account disabled.
      const { id, passwordHash } = found as User;
      const user = await manager.findOneBy(User, { id, passwordHash: passwordHash as string });
      if (user?.isActive !== true) throw invalidCredentials();
      return { ...(await this.sessions.openWithin(manager, user, origin)), user };
    });
  }

  /**
   * Checks a password as one of the few guesses that an account has. Throws as `signIn` does.
   * @param stored null for an account that does not exist or has no password
   */
  async checkPassword(
    stored: string | null,
    { email, password }: Credentials,
    address: string | null,
  ): Promise<void> {
    this.hasher.refuseWhenFull();
    const guess = await this.guesses.begin(email, address ?? undefined);
    if (await this.hasher.verify(stored, password)) return this.guesses.forget(guess);
    await this.guesses.fail(guess);
    throw invalidCredentials();
  }

  /** Only somebody who may sign in at all. */
  async #find(email: string): Promise<User | undefined> {
    const found = await this.reader.manager
      .createQueryBuilder(User, 'user')
      .addSelect('user.passwordHash')
      .where('user.email = :email', { email: normalEmail(email) })
      .getOne();
    return found?.isActive === true ? found : undefined;
  }
}

function invalidCredentials(): ApiError {
  return new ApiError('invalid_credentials', 'The e-mail address or the password is wrong.');
}
