import { createHash, createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource, EntityManager } from 'typeorm';
import { AuditLog } from '../../audit/audit-log.js';
import { ApiError } from '../../common/errors/api-error.js';
import { Secret } from '../../common/secret.js';
import { Configuration } from '../../config/configuration.js';
import { READER } from '../../database/data-source-options.js';
import { PasswordHasher } from '../passwords/password-hasher.js';
import { refuseWeakPassword } from '../passwords/password-rules.js';
import { PeopleWriter } from '../people/people-writer.js';
import { userRecord, userSubject } from '../people/user-record.js';
import { hasActiveAdmin, insertUser } from '../people/user-rows.js';
import type { Origin } from '../sessions/session-record.js';
import { SessionsService } from '../sessions/sessions.service.js';
import type { SignedIn } from '../sessions/sign-in.service.js';
import { SetupToken } from './setup-token.entity.js';

const ID = 'setup';
const LIFETIME_MS = 24 * 3_600_000;

/** Processes that start together print one link; one that starts later prints a new one. */
const SHARED_MS = 60_000;

export interface FirstAdmin {
  readonly email: string;
  readonly name: string;
  readonly password: string;
}

/** Making the first administrator with a link that the start prints. */
@Injectable()
export class SetupService {
  readonly #key: Buffer;

  constructor(
    private readonly writer: PeopleWriter,
    private readonly hasher: PasswordHasher,
    private readonly sessions: SessionsService,
    private readonly audit: AuditLog,
    @InjectDataSource(READER) private readonly reader: DataSource,
    configuration: Configuration,
  ) {
    const secret = configuration.environment.jwtSecret.reveal();
    this.#key = Buffer.from(hkdfSync('sha256', secret, '', 'llm-proxy set-up', 32));
  }

  /** Whether there is nobody yet who could let anybody in. */
  async isRequired(): Promise<boolean> {
    return !(await hasActiveAdmin(this.reader.manager));
  }

  /** The token of the link, new unless another process made it just now; undefined when there is an administrator. */
  async renewToken(): Promise<Secret | undefined> {
    if (!(await this.isRequired())) return undefined;
    return this.writer.write(async (manager) => {
      if (await hasActiveAdmin(manager)) return undefined;
      const now = Date.now();
      const present = await manager.findOneBy(SetupToken, { id: ID });
      if (present !== null && now - present.createdAt < SHARED_MS) {
        const token = this.#tokenOf(present.nonce);
        if (hashOf(token) === present.hash) return new Secret(token);
      }
      const nonce = randomBytes(32).toString('hex');
      const token = this.#tokenOf(nonce);
      await manager.delete(SetupToken, { id: ID });
      await manager.insert(SetupToken, {
        id: ID,
        nonce,
        hash: hashOf(token),
        createdAt: now,
        expiresAt: now + LIFETIME_MS,
      });
      return new Secret(token);
    });
  }

  /**
   * Makes the first administrator and signs them in. Of many at once exactly one does. Throws
   * `setup_token_invalid`, or `invalid_value` with `param`.
   */
  async setUp(token: string, admin: FirstAdmin, origin: Origin): Promise<SignedIn> {
    await checkToken(this.reader.manager, token);
    const { email, name, password } = admin;
    refuseWeakPassword(password, { email, param: 'password' });
    const passwordHash = await this.hasher.hash(password);
    return this.writer.write(async (manager) => {
      await checkToken(manager, token);
      const user = await insertUser(manager, { email, name, role: 'admin', passwordHash });
      await manager.delete(SetupToken, { id: ID });
      const open = await this.sessions.openWithin(manager, user, origin);
      const subject = userSubject(user);
      await this.audit.record(manager, { action: 'user.set_up', subject, after: userRecord(user) });
      return { ...open, user };
    });
  }

  #tokenOf(nonce: string): string {
    return createHmac('sha256', this.#key).update(nonce).digest('base64url');
  }
}

async function checkToken(manager: EntityManager, token: string): Promise<void> {
  const present = await manager.findOneBy(SetupToken, { id: ID });
  const isGood =
    present !== null &&
    present.expiresAt > Date.now() &&
    timingSafeEqual(Buffer.from(hashOf(token)), Buffer.from(present.hash)) &&
    !(await hasActiveAdmin(manager));
  if (isGood) return;
  throw new ApiError(
    'setup_token_invalid',
    'The set-up link is not valid any more. A start without an administrator prints a new one.',
  );
}

function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
