import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { LRUCache } from 'lru-cache';
import type { Subscription } from 'rxjs';
import type { DataSource } from 'typeorm';
import type { Role } from '../../audit/actor.js';
import { ApiError } from '../../common/errors/api-error.js';
import { ChangeFeed } from '../../database/change-feed.js';
import { READER } from '../../database/data-source-options.js';
import { PEOPLE_TOPIC } from '../people/people-writer.js';
import { User } from '../people/user.entity.js';
import type { Person } from './person.js';
import { Session } from './session.entity.js';

const CACHED_SESSIONS = 1_000;
/** Sessions go on while they are used, and what is kept here says until when. */
const CACHED_MS = 60_000;

interface KnownSession {
  readonly person: Person;
  /** Epoch milliseconds. */
  readonly expiresAt: number;
}

interface SessionRow {
  id: string;
  email: string;
  name: string;
  role: Role;
  mustChangePassword: boolean | number;
  expiresAt: string | number;
}

/**
 * Who is signed in by a session. Kept in memory; every change of a person and every session that
 * is ended empties that, in this process at once and in the others as soon as they hear of it.
 */
@Injectable()
export class SignedInPeople implements OnModuleDestroy {
  readonly #known = new LRUCache<string, KnownSession>({ max: CACHED_SESSIONS, ttl: CACHED_MS });
  readonly #subscription: Subscription;
  /** Counts how often it was emptied: a look that began before must not fill it again. */
  #generation = 0;

  constructor(
    @InjectDataSource(READER) private readonly reader: DataSource,
    feed: ChangeFeed,
  ) {
    this.#subscription = feed.changes(PEOPLE_TOPIC).subscribe(() => {
      this.#generation += 1;
      this.#known.clear();
    });
  }

  onModuleDestroy(): void {
    this.#subscription.unsubscribe();
  }

  /** Undefined when the session ended or its user may not sign in. Rejects when the database cannot be read. */
  async find(sessionId: string): Promise<Person | undefined> {
    const known = this.#known.get(sessionId);
    if (known !== undefined && known.expiresAt > Date.now()) return known.person;
    const found = await this.#lookUp(sessionId);
    return found !== undefined && found.expiresAt > Date.now() ? found.person : undefined;
  }

  async #lookUp(sessionId: string): Promise<KnownSession | undefined> {
    const generation = this.#generation;
    const row = await this.#read(sessionId);
    if (row === undefined) return undefined;
    const { id, email, name, role } = row;
    const mustChangePassword = Boolean(row.mustChangePassword);
    const person = Object.freeze({ id, email, name, role, mustChangePassword, sessionId });
    const known = { person, expiresAt: Number(row.expiresAt) };
    if (generation === this.#generation) this.#known.set(sessionId, known);
    return known;
  }

  async #read(sessionId: string): Promise<SessionRow | undefined> {
    try {
      return await this.reader.manager
        .createQueryBuilder()
        .select('user.id', 'id')
        .addSelect('user.email', 'email')
        .addSelect('user.name', 'name')
        .addSelect('user.role', 'role')
        .addSelect('user.mustChangePassword', 'mustChangePassword')
        .addSelect('session.expiresAt', 'expiresAt')
        .from(Session, 'session')
        .innerJoin(User, 'user', 'user.id = session.userId')
        .where('session.id = :sessionId', { sessionId })
        .andWhere('user.isActive = :isActive', { isActive: true })
        .getRawOne<SessionRow>();
    } catch (cause) {
      throw new ApiError('ledger_unavailable', 'Sessions cannot be checked at the moment.', {
        retryAfterMs: 1_000,
        cause,
      });
    }
  }
}
