import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource, EntityManager } from 'typeorm';
import type { Role } from '../../audit/actor.js';
import { AuditLog } from '../../audit/audit-log.js';
import { READER } from '../../database/data-source-options.js';
import { PasswordHasher } from '../passwords/password-hasher.js';
import { refuseWeakPassword } from '../passwords/password-rules.js';
import { newTemporaryPassword } from '../passwords/temporary-password.js';
import { Session } from '../sessions/session.entity.js';
import { SignInGuess } from '../sessions/sign-in-guess.entity.js';
import { accountOf } from '../sessions/sign-in-guesses.js';
import { PeopleWriter } from './people-writer.js';
import { normalEmail, parseUserName } from './user-fields.js';
import { userRecord, userSubject } from './user-record.js';
import { getUserRow, insertUser, refuseWithoutAdmin } from './user-rows.js';
import { User } from './user.entity.js';

export interface CreateUser {
  email: string;
  name: string;
  role: Role;
  /** To be changed at the first sign-in; one is made when absent. */
  password?: string | undefined;
}

/** What is to change; an absent member stays as it is. */
export interface UserChange {
  name?: string | undefined;
  role?: Role | undefined;
  isActive?: boolean | undefined;
}

export interface UserWithPassword {
  user: User;
  /** Good until it is changed at the next sign-in, shown this once; null when the caller chose it. */
  temporaryPassword: string | null;
}

/** People as others manage them; what they do to themselves is in `OwnPassword` and `Sessions`. */
@Injectable()
export class UsersService {
  constructor(
    private readonly writer: PeopleWriter,
    private readonly hasher: PasswordHasher,
    private readonly audit: AuditLog,
    @InjectDataSource(READER) private readonly reader: DataSource,
  ) {}

  /** Throws `invalid_value` with `param`, or `conflict` when the address is taken. */
  async create({ email, name, role, password }: CreateUser): Promise<UserWithPassword> {
    const temporaryPassword = password === undefined ? newTemporaryPassword() : null;
    const chosen = password ?? (temporaryPassword as string);
    refuseWeakPassword(chosen, { email, param: 'password' });
    const passwordHash = await this.hasher.hash(chosen);
    const fields = { email, name, role, passwordHash, mustChangePassword: true };
    const user = await this.writer.write(async (manager) => {
      const made = await insertUser(manager, fields);
      await this.#record(manager, 'user.create', null, made);
      return made;
    });
    return { user, temporaryPassword };
  }

  /** Throws `not_found`, `invalid_value`, or `conflict` for the last active administrator. */
  async update(id: string, change: UserChange): Promise<User> {
    return this.writer.write(async (manager) => {
      const user = await getUserRow(manager, id);
      const after = manager.create(User, { ...user, updatedAt: Date.now() });
      if (change.name !== undefined) after.name = parseUserName(change.name);
      if (change.role !== undefined) after.role = change.role;
      if (change.isActive !== undefined) after.isActive = change.isActive;
      if (after.role !== 'admin' || !after.isActive) await refuseWithoutAdmin(manager, user);
      await manager.update(User, { id }, after);
      // Whoever is let in again later signs in again.
      if (!after.isActive) await manager.delete(Session, { userId: id });
      await this.#record(manager, 'user.update', user, after);
      return after;
    });
  }

  /** Their sessions end, too. Throws `not_found`, or `conflict` for the last active administrator. */
  async remove(id: string): Promise<void> {
    await this.writer.write(async (manager) => {
      const user = await getUserRow(manager, id);
      await refuseWithoutAdmin(manager, user);
      await manager.delete(User, { id });
      await this.#record(manager, 'user.remove', user, null);
    });
  }

  /** A one-time password in the place of theirs; ends all their sessions. Throws `not_found`. */
  async resetPassword(id: string): Promise<UserWithPassword> {
    const temporaryPassword = newTemporaryPassword();
    const passwordHash = await this.hasher.hash(temporaryPassword);
    const user = await this.writer.write(async (manager) => {
      const before = await getUserRow(manager, id);
      const change = { mustChangePassword: true, updatedAt: Date.now() };
      await manager.update(User, { id }, { ...change, passwordHash });
      await manager.delete(Session, { userId: id });
      // Whoever had to be helped has tried often enough.
      await manager.delete(SignInGuess, { account: accountOf(before.email) });
      const after = manager.create(User, { ...before, ...change });
      await this.#record(manager, 'user.reset_password', before, after);
      return after;
    });
    return { user, temporaryPassword };
  }

  async findByEmail(email: string): Promise<User | undefined> {
    const user = await this.reader.manager.findOneBy(User, { email: normalEmail(email) });
    return user ?? undefined;
  }

  /** Throws `not_found`. */
  async get(id: string): Promise<User> {
    return getUserRow(this.reader.manager, id);
  }

  async list(): Promise<User[]> {
    return this.reader.manager.find(User, { order: { id: 'ASC' } });
  }

  async #record(
    manager: EntityManager,
    action: string,
    before: User | null,
    after: User | null,
  ): Promise<void> {
    await this.audit.record(manager, {
      action,
      subject: userSubject((after ?? before) as User),
      before: before && userRecord(before),
      after: after && userRecord(after),
    });
  }
}
