import { createHash } from 'node:crypto';
import { isIPv6 } from 'node:net';
import { Injectable } from '@nestjs/common';
import { type EntityManager, MoreThan } from 'typeorm';
import { v7 as uuidV7 } from 'uuid';
import { ApiError } from '../../common/errors/api-error.js';
import { ChangeFeed } from '../../database/change-feed.js';
import { GroupCommitWriter } from '../../database/group-commit-writer.js';
import { normalEmail } from '../people/user-fields.js';
import { SignInGuess } from './sign-in-guess.entity.js';

export const GUESS_WINDOW_MS = 15 * 60_000;
const MOST_OF_ACCOUNT = 5;
/** People share an address, so that it says less. */
const MOST_OF_ADDRESS = 50;
const FIRST_WAIT_MS = 1_000;

/** Nobody listens; its row is what the processes queue for. */
const TOPIC = 'sign-in-guesses';

/** A password is about to be checked. */
export interface Guess {
  readonly id: string;
  readonly account: string;
}

/**
 * Counts passwords that are tried, over all processes: for an account at most five in fifteen
 * minutes, with a wait after each that fails, of one second, two, four and eight. An account that
 * does not exist counts like any other.
 */
@Injectable()
export class SignInGuesses {
  constructor(
    private readonly writer: GroupCommitWriter,
    private readonly feed: ChangeFeed,
  ) {}

  /**
   * Counts one, before it is checked, so that any number at once is counted exactly. Throws
   * `rate_limit_exceeded` with the time to wait.
   * @param address of the client, undefined when its connection is gone
   */
  async begin(email: string, address: string | undefined): Promise<Guess> {
    const account = accountOf(email);
    const from = hashOf(`address:${networkOf(address ?? '')}`);
    const now = Date.now();
    return this.writer.transaction(async (manager) => {
      // What follows reads and then writes: one process at a time.
      await this.feed.bump(manager, TOPIC);
      const waitMs = Math.max(
        waitOfAccount(await recent(manager, { account }, now), now),
        waitOf(await recent(manager, { address: from }, now), MOST_OF_ADDRESS, now),
      );
      if (waitMs > 0) throw tooMany(waitMs);
      const id = `guess_${uuidV7().replaceAll('-', '')}`;
      const fields = { account, address: from, createdAt: now, hasFailed: false };
      await manager.insert(SignInGuess, { id, ...fields });
      return { id, account };
    });
  }

  async fail({ id }: Guess): Promise<void> {
    await this.writer.transaction((manager) =>
      manager.update(SignInGuess, { id }, { hasFailed: true }),
    );
  }

  /** The password was right: what its owner mistyped before is forgotten with it. */
  async forget({ id, account }: Guess): Promise<void> {
    await this.writer.transaction(async (manager) => {
      await manager.delete(SignInGuess, { id });
      await manager.delete(SignInGuess, { account, hasFailed: true });
    });
  }
}

/** What the guesses of an e-mail address are counted under. */
export function accountOf(email: string): string {
  return hashOf(`account:${normalEmail(email)}`);
}

async function recent(
  manager: EntityManager,
  where: { account: string } | { address: string },
  now: number,
): Promise<SignInGuess[]> {
  return manager.find(SignInGuess, {
    where: { ...where, createdAt: MoreThan(now - GUESS_WINDOW_MS) },
    order: { createdAt: 'ASC' },
  });
}

function waitOfAccount(guesses: readonly SignInGuess[], now: number): number {
  const failed = guesses.filter(({ hasFailed }) => hasFailed);
  const last = failed.at(-1);
  const backOffMs =
    last === undefined ? 0 : last.createdAt + FIRST_WAIT_MS * 2 ** (failed.length - 1) - now;
  return Math.max(backOffMs, waitOf(guesses, MOST_OF_ACCOUNT, now));
}

/** Milliseconds until fewer than `most` are within the window. */
function waitOf(guesses: readonly SignInGuess[], most: number, now: number): number {
  const first = guesses.at(-most);
  return guesses.length < most || first === undefined ? 0 : first.createdAt + GUESS_WINDOW_MS - now;
}

function tooMany(retryAfterMs: number): ApiError {
  const message = 'Too many passwords were tried. Wait before the next one.';
  return new ApiError('rate_limit_exceeded', message, { retryAfterMs });
}

/** Whoever has one IPv6 address has all of its /64. */
function networkOf(address: string): string {
  if (!isIPv6(address) || address.includes('.')) return address.replace(/^::ffff:/i, '');
  const [head = '', tail = ''] = address.split('::');
  const [front, back] = [head, tail].map((part) => part.split(':').filter((group) => group !== ''));
  const gap = 8 - (front?.length ?? 0) - (back?.length ?? 0);
  const groups = [...(front ?? []), ...Array.from({ length: gap }, () => '0'), ...(back ?? [])];
  return groups.slice(0, 4).join(':');
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
