import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { type DataSource, type EntityManager, MoreThan, Not } from 'typeorm';
import { v7 as uuidV7 } from 'uuid';
import { setActor } from '../../audit/acting.js';
import { AuditLog } from '../../audit/audit-log.js';
import { ApiError } from '../../common/errors/api-error.js';
import type { Secret } from '../../common/secret.js';
import { READER } from '../../database/data-source-options.js';
import { PeopleWriter } from '../people/people-writer.js';
import { getUserRow } from '../people/user-rows.js';
import { User } from '../people/user.entity.js';
import { newRefreshToken, refreshTokenHash } from './refresh-token-secret.js';
import { RefreshToken } from './refresh-token.entity.js';
import { sessionExpiry } from './session-lifetime.js';
import { type Origin, sessionRecord, sessionSubject } from './session-record.js';
import { Session } from './session.entity.js';

/** A session with the token that continues it, which can be shown this once. */
export interface OpenSession {
  readonly session: Session;
  readonly refreshToken: Secret;
}

/** Opens, lists and ends sessions; `RefreshTokens` continues them. */
@Injectable()
export class SessionsService {
  constructor(
    private readonly writer: PeopleWriter,
    private readonly audit: AuditLog,
    @InjectDataSource(READER) private readonly reader: DataSource,
  ) {}

  /**
   * Signs somebody in, within a transaction of `PeopleWriter` or `GroupCommitWriter`: nobody caches
   * a session that was not there. What is recorded from here on is their doing.
   */
  async openWithin(manager: EntityManager, user: User, origin: Origin): Promise<OpenSession> {
    const now = Date.now();
    const session = manager.create(Session, {
      id: `session_${uuidV7().replaceAll('-', '')}`,
      userId: user.id,
      createdAt: now,
      lastUsedAt: now,
      expiresAt: sessionExpiry(now, now),
      address: origin.address,
      userAgent: origin.userAgent?.slice(0, 255) ?? null,
    });
    const refreshToken = newRefreshToken();
    await manager.insert(Session, session);
    await manager.insert(RefreshToken, {
      hash: refreshTokenHash(refreshToken.reveal()),
      sessionId: session.id,
      createdAt: now,
      usedAt: null,
    });
    await manager.update(User, { id: user.id }, { lastLoginAt: now });
    setActor({ kind: 'person', id: user.id, name: user.email, role: user.role });
    const subject = sessionSubject(session, user);
    await this.audit.record(manager, {
      action: 'session.create',
      subject,
      after: sessionRecord(session),
    });
    return { session, refreshToken };
  }

  /** Those that are open, oldest first. Throws `not_found` for a user who is none. */
  async listOf(userId: string): Promise<Session[]> {
    await getUserRow(this.reader.manager, userId);
    return this.reader.manager.find(Session, {
      where: { userId, expiresAt: MoreThan(Date.now()) },
      order: { id: 'ASC' },
    });
  }

  /** Ends one session of that user, at once and everywhere. Throws `not_found`. */
  async end(userId: string, sessionId: string): Promise<void> {
    await this.writer.write((manager) => this.endWithin(manager, userId, sessionId));
  }

  /** Ends all sessions of a user. Throws `not_found`. */
  async endAll(userId: string): Promise<void> {
    await this.writer.write(async (manager) => {
      const { email } = await getUserRow(manager, userId);
      const sessions = await manager.findBy(Session, { userId });
      await manager.delete(Session, { userId });
      await this.audit.record(manager, {
        action: 'session.end_all',
        subject: { type: 'user', id: userId, name: email },
        before: { sessions: sessions.length },
      });
    });
  }

  /** Ends the sessions of a user but one, within a transaction of `PeopleWriter`. */
  async endOthersWithin(manager: EntityManager, userId: string, keep: string): Promise<void> {
    await manager.delete(Session, { userId, id: Not(keep) });
  }

  /** @param reason why, when it was not somebody's wish */
  async endWithin(
    manager: EntityManager,
    userId: string,
    sessionId: string,
    reason?: string,
  ): Promise<void> {
    const session = await manager.findOneBy(Session, { id: sessionId, userId });
    if (session === null) {
      throw new ApiError('not_found', 'There is no such session.', { param: 'id' });
    }
    const user = await getUserRow(manager, userId);
    await manager.delete(Session, { id: sessionId });
    await this.audit.record(manager, {
      action: 'session.end',
      subject: sessionSubject(session, user),
      before: sessionRecord(session),
      after: reason === undefined ? null : { reason },
    });
  }
}
