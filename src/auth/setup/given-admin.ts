import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { AuditLog } from '../../audit/audit-log.js';
import { ConfigurationError } from '../../config/configuration-error.js';
import { Configuration } from '../../config/configuration.js';
import { PasswordHasher } from '../passwords/password-hasher.js';
import { findPasswordProblem } from '../passwords/password-rules.js';
import { PeopleWriter } from '../people/people-writer.js';
import { normalEmail } from '../people/user-fields.js';
import { userRecord, userSubject } from '../people/user-record.js';
import { hasActiveAdmin, insertUser } from '../people/user-rows.js';
import { User } from '../people/user.entity.js';
import { SetupService } from './setup.service.js';

/** Makes the first administrator from `ADMIN_EMAIL` and `ADMIN_PASSWORD`, when there is none. */
@Injectable()
export class GivenAdmin implements OnApplicationBootstrap {
  readonly #logger = new Logger(GivenAdmin.name);

  constructor(
    private readonly configuration: Configuration,
    private readonly setup: SetupService,
    private readonly writer: PeopleWriter,
    private readonly hasher: PasswordHasher,
    private readonly audit: AuditLog,
  ) {}

  /** Throws `ConfigurationError` for a password that nobody may have. */
  async onApplicationBootstrap(): Promise<void> {
    const { adminEmail: email, adminPassword } = this.configuration.environment;
    if (email === undefined || adminPassword === undefined) return;
    const password = adminPassword.reveal();
    const problem = findPasswordProblem(password, email);
    if (problem !== undefined) {
      throw new ConfigurationError('environment', [`ADMIN_PASSWORD: ${problem}`]);
    }
    if (!(await this.setup.isRequired())) return;
    const name = 'Administrator';
    const passwordHash = await this.hasher.hash(password);
    await this.writer.write(async (manager) => {
      // Another process may have been faster.
      if (await hasActiveAdmin(manager)) return;
      if (await manager.existsBy(User, { email: normalEmail(email) })) {
        this.#logger.warn('ADMIN_EMAIL is the address of somebody who is no administrator.');
        return;
      }
      const user = await insertUser(manager, { email, name, role: 'admin', passwordHash });
      const subject = userSubject(user);
      await this.audit.record(manager, { action: 'user.set_up', subject, after: userRecord(user) });
    });
  }
}
