import {
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
} from '@nestjs/common';
import { LessThan } from 'typeorm';
import { GroupCommitWriter } from '../../database/group-commit-writer.js';
import { SetupToken } from '../setup/setup-token.entity.js';
import { Session } from './session.entity.js';
import { SignInGuess } from './sign-in-guess.entity.js';
import { GUESS_WINDOW_MS } from './sign-in-guesses.js';

const SWEEP_EVERY_MS = 600_000;

/** Removes sessions that expired, with their tokens, and guesses that no longer count. */
@Injectable()
export class SessionCleanUp implements OnApplicationBootstrap, OnModuleDestroy {
  readonly #logger = new Logger(SessionCleanUp.name);
  #timer: NodeJS.Timeout | undefined;
  #sweeping: Promise<void> | undefined;

  constructor(private readonly writer: GroupCommitWriter) {}

  onApplicationBootstrap(): void {
    this.#timer = setInterval(() => void this.sweep(), SWEEP_EVERY_MS).unref();
  }

  async onModuleDestroy(): Promise<void> {
    clearInterval(this.#timer);
    await this.#sweeping;
  }

  /** Never rejects: what could not go now goes with a later sweep. One at a time. */
  sweep(now = Date.now()): Promise<void> {
    return (this.#sweeping ??= this.#sweep(now)
      .catch((error: unknown) => {
        this.#logger.warn({ message: 'expired sessions will be removed later', err: error });
      })
      .finally(() => (this.#sweeping = undefined)));
  }

  /** Caches look at the time themselves, so nobody is told. */
  async #sweep(now: number): Promise<void> {
    await this.writer.transaction(async (manager) => {
      await manager.delete(Session, { expiresAt: LessThan(now) });
      await manager.delete(SignInGuess, { createdAt: LessThan(now - GUESS_WINDOW_MS) });
      await manager.delete(SetupToken, { expiresAt: LessThan(now) });
    });
  }
}
