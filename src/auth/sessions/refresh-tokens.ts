import { Injectable, Logger } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { type DataSource, type EntityManager, IsNull } from 'typeorm';
import { setActor } from '../../audit/acting.js';
import { ApiError } from '../../common/errors/api-error.js';
import { Configuration } from '../../config/configuration.js';
import { READER } from '../../database/data-source-options.js';
import { GroupCommitWriter } from '../../database/group-commit-writer.js';
import { PeopleWriter } from '../people/people-writer.js';
import { User } from '../people/user.entity.js';
import { isRefreshToken, refreshTokenHash, RefreshTokenChain } from './refresh-token-secret.js';
import { RefreshToken } from './refresh-token.entity.js';
import { sessionExpiry } from './session-lifetime.js';
import { Session } from './session.entity.js';
import { type OpenSession, SessionsService } from './sessions.service.js';

/** How long a used token still gives its successor: two tabs, or an answer that got lost. */
export const REUSE_GRACE_MS = 10_000;

/** A session goes on, or its token was used before and by somebody else. */
type Turn = OpenSession | { readonly reusedOf: Session };

/**
 * Continues sessions. A refresh token is good once; used again, somebody has a copy, and the
 * session ends for both. Within ten seconds, while the next token is unused, it gives that instead.
 */
@Injectable()
export class RefreshTokens {
  readonly #logger = new Logger(RefreshTokens.name);
  readonly #chain: RefreshTokenChain;

  constructor(
    private readonly writer: GroupCommitWriter,
    private readonly people: PeopleWriter,
    private readonly sessions: SessionsService,
    @InjectDataSource(READER) private readonly reader: DataSource,
    configuration: Configuration,
  ) {
    this.#chain = new RefreshTokenChain(configuration.environment.jwtSecret);
  }

  /** The session with its next token. Throws `session_invalid`. */
  async rotate(token: string): Promise<OpenSession> {
    if (!isRefreshToken(token)) throw sessionInvalid();
    const turn = await this.writer.transaction((manager) => this.#turn(manager, token));
    if (!('reusedOf' in turn)) return turn;
    await this.#endReused(turn.reusedOf);
    throw sessionInvalid();
  }

  /** The session that a token is of, used or not; undefined when it ended. Changes nothing. */
  async findSession(token: string): Promise<Session | undefined> {
    if (!isRefreshToken(token)) return undefined;
    const found = await findLive(this.reader.manager, token);
    return found?.session;
  }

  /** The same, but only if `rotate` would go on with it. */
  async findContinuing(token: string): Promise<Session | undefined> {
    if (!isRefreshToken(token)) return undefined;
    const found = await findLive(this.reader.manager, token);
    if (found === undefined) return undefined;
    if (found.used.usedAt === null) return found.session;
    return (await this.#mayRepeat(this.reader.manager, token, found.used.usedAt))
      ? found.session
      : undefined;
  }

  async #turn(manager: EntityManager, token: string): Promise<Turn> {
    const found = await findLive(manager, token);
    if (found === undefined) throw sessionInvalid();
    const { session } = found;
    const now = Date.now();
    const refreshed = { lastUsedAt: now, expiresAt: sessionExpiry(session.createdAt, now) };
    // The session's row first, as those do who end it; then the token, which one of many gets.
    const { affected } = await manager.update(Session, { id: session.id }, refreshed);
    if (affected === 0) throw sessionInvalid();
    const open = { session: { ...session, ...refreshed }, refreshToken: this.#chain.after(token) };
    if (await this.#use(manager, token, open, now)) return open;
    const { usedAt } = await manager.findOneByOrFail(RefreshToken, {
      hash: refreshTokenHash(token),
    });
    return (await this.#mayRepeat(manager, token, usedAt ?? 0)) ? open : { reusedOf: session };
  }

  /** False when it was used before. */
  async #use(
    manager: EntityManager,
    token: string,
    { session, refreshToken }: OpenSession,
    now: number,
  ): Promise<boolean> {
    const hash = refreshTokenHash(token);
    const unused = { hash, usedAt: IsNull() };
    const { affected } = await manager.update(RefreshToken, unused, { usedAt: now });
    if (affected === 0) return false;
    await manager.insert(RefreshToken, {
      hash: refreshTokenHash(refreshToken.reveal()),
      sessionId: session.id,
      createdAt: now,
      usedAt: null,
    });
    return true;
  }

  async #mayRepeat(manager: EntityManager, token: string, usedAt: number): Promise<boolean> {
    if (usedAt + REUSE_GRACE_MS < Date.now()) return false;
    const hash = refreshTokenHash(this.#chain.after(token).reveal());
    return manager.existsBy(RefreshToken, { hash, usedAt: IsNull() });
  }

  async #endReused(session: Session): Promise<void> {
    this.#logger.warn({
      message: 'a refresh token was used twice; the session was ended',
      reason: session.id,
    });
    await this.people.write(async (manager) => {
      const user = await manager.findOneBy(User, { id: session.userId });
      const isOpen = await manager.existsBy(Session, { id: session.id });
      if (user === null || !isOpen) return;
      setActor({ kind: 'person', id: user.id, name: user.email, role: user.role });
      await this.sessions.endWithin(manager, user.id, session.id, 'refresh_token_reused');
    });
  }
}

/** The row of a token and its session, where that has not ended and its user may sign in. */
async function findLive(
  manager: EntityManager,
  token: string,
): Promise<{ used: RefreshToken; session: Session } | undefined> {
  const used = await manager.findOneBy(RefreshToken, { hash: refreshTokenHash(token) });
  if (used === null) return undefined;
  const session = await manager.findOneBy(Session, { id: used.sessionId });
  if (session === null || session.expiresAt <= Date.now()) return undefined;
  const isActive = await manager.existsBy(User, { id: session.userId, isActive: true });
  return isActive ? { used, session } : undefined;
}

function sessionInvalid(): ApiError {
  return new ApiError('session_invalid', 'The session has ended. Sign in again.');
}
