import {
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
} from '@nestjs/common';
import type { Role } from '../../audit/actor.js';
import type { LiveConnection } from './live-connection.js';
import { LiveHolders } from './live-holders.js';
import { LiveWatchers } from './live-watchers.js';

/** What revokes has to take effect within two seconds. */
const CHECK_EVERY_MS = 1_000;
const PING_EVERY_CHECKS = 15;
/** A database that is away says nothing against anybody, but not for ever. */
const MOST_UNKNOWN_CHECKS = 30;
const POLICY_VIOLATION = 1008;

/** Looks after the connections: closes those that lost their right, and those whose other end is gone. */
@Injectable()
export class LivePatrol implements OnApplicationBootstrap, OnModuleDestroy {
  readonly #logger = new Logger(LivePatrol.name);
  #timer: NodeJS.Timeout | undefined;
  #checks = 0;
  #unknown = 0;
  #isChecking = false;

  constructor(
    private readonly watchers: LiveWatchers,
    private readonly holders: LiveHolders,
  ) {}

  onApplicationBootstrap(): void {
    this.#timer = setInterval(() => void this.#check(), CHECK_EVERY_MS).unref();
  }

  onModuleDestroy(): void {
    clearInterval(this.#timer);
  }

  async #check(): Promise<void> {
    const connections = this.watchers.all;
    if (connections.length === 0 || this.#isChecking) return;
    this.#isChecking = true;
    this.#checks += 1;
    try {
      if (this.#checks % PING_EVERY_CHECKS === 0) this.#ping(connections);
      await this.#expel(connections);
      this.#unknown = 0;
    } catch (error) {
      this.#unknown += 1;
      if (this.#unknown < MOST_UNKNOWN_CHECKS) return;
      this.#logger.warn({
        message: 'live connections are closed: nobody can be checked',
        err: error,
      });
      for (const connection of connections) this.#close(connection, 'It cannot be checked.');
    } finally {
      this.#isChecking = false;
    }
  }

  #ping(connections: readonly LiveConnection[]): void {
    for (const connection of connections) {
      if (connection.answers) {
        connection.answers = false;
        connection.socket.ping();
      } else {
        connection.socket.terminate();
      }
    }
  }

  /** Connections of one holder share one look. */
  async #expel(connections: readonly LiveConnection[]): Promise<void> {
    const roles = new Map<string, Promise<Role | undefined>>();
    for (const connection of connections) {
      const { kind, id } = connection.holder;
      const name = `${kind} ${id}`;
      const asked = roles.get(name) ?? this.holders.roleOf(connection.holder);
      roles.set(name, asked);
      const role = await asked;
      if (role === undefined) this.#close(connection, 'Signed out.');
      else if (role !== connection.role) this.#close(connection, 'The role has changed.');
    }
  }

  #close(connection: LiveConnection, reason: string): void {
    this.watchers.expel(connection, POLICY_VIOLATION, reason);
  }
}
