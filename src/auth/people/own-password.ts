import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { AuditLog } from '../../audit/audit-log.js';
import { ApiError } from '../../common/errors/api-error.js';
import { READER } from '../../database/data-source-options.js';
import { PasswordHasher } from '../passwords/password-hasher.js';
import { refuseWeakPassword } from '../passwords/password-rules.js';
import type { Person } from '../sessions/person.js';
import { SessionsService } from '../sessions/sessions.service.js';
import { SignIn } from '../sessions/sign-in.service.js';
import { PeopleWriter } from './people-writer.js';
import { userRecord, userSubject } from './user-record.js';
import { User } from './user.entity.js';

export interface PasswordChange {
  readonly currentPassword: string;
  readonly newPassword: string;
}

/** What people do with their own password. */
@Injectable()
export class OwnPassword {
  constructor(
    private readonly signIn: SignIn,
    private readonly hasher: PasswordHasher,
    private readonly sessions: SessionsService,
    private readonly writer: PeopleWriter,
    private readonly audit: AuditLog,
    @InjectDataSource(READER) private readonly reader: DataSource,
  ) {}

  /**
   * Ends every other session of that person. The current password counts as a guess when it is
   * wrong. Throws `invalid_credentials`, `rate_limit_exceeded`, `invalid_value` with `param`.
   */
  async change(person: Person, change: PasswordChange, address: string | null): Promise<void> {
    const { email, id, sessionId } = person;
    const { currentPassword, newPassword } = change;
    refuseWeakPassword(newPassword, { email, param: 'newPassword' });
    if (newPassword === currentPassword) {
      throw new ApiError('invalid_value', 'The new password must not be the present one.', {
        param: 'newPassword',
      });
    }
    const stored = await this.#storedHash(id);
    await this.signIn.checkPassword(stored, { email, password: currentPassword }, address);
    const passwordHash = await this.hasher.hash(newPassword);
    await this.writer.write(async (manager) => {
      const before = await manager.findOneBy(User, { id, passwordHash: stored as string });
      if (before === null) throw new ApiError('conflict', 'The password was changed meanwhile.');
      const changed = { mustChangePassword: false, updatedAt: Date.now() };
      await manager.update(User, { id }, { ...changed, passwordHash });
      await this.sessions.endOthersWithin(manager, id, sessionId);
      await this.audit.record(manager, {
        action: 'user.change_password',
        subject: userSubject(before),
        before: userRecord(before),
        after: userRecord(manager.create(User, { ...before, ...changed })),
      });
    });
  }

  async #storedHash(id: string): Promise<string | null> {
    const user = await this.reader.manager.findOne(User, {
      where: { id },
      select: { id: true, passwordHash: true },
    });
    return user?.passwordHash ?? null;
  }
}
