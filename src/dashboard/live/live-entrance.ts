import type { IncomingMessage } from 'node:http';
import { Injectable } from '@nestjs/common';
import type { Role } from '../../audit/actor.js';
import { ApiError } from '../../common/errors/api-error.js';
import { Configuration } from '../../config/configuration.js';
import { type LiveHolder, LiveHolders } from './live-holders.js';
import { LiveTickets } from './live-tickets.js';
import { LiveWatchers } from './live-watchers.js';

export interface Admitted {
  readonly holder: LiveHolder;
  readonly role: Role;
}

/** Who may open a live connection. Asked before the connection is one. */
@Injectable()
export class LiveEntrance {
  readonly #admitted = new WeakMap<IncomingMessage, Admitted>();

  constructor(
    private readonly tickets: LiveTickets,
    private readonly holders: LiveHolders,
    private readonly watchers: LiveWatchers,
    private readonly configuration: Configuration,
  ) {}

  /** Rejects with an `ApiError` for whoever may not. The ticket is used up either way. */
  async admit(request: IncomingMessage): Promise<void> {
    if (!this.#isOfThisSite(request)) {
      throw new ApiError('insufficient_permissions', 'The page is one of another site.');
    }
    if (this.watchers.isFull) {
      throw new ApiError('overloaded', 'There are too many live connections.');
    }
    const ticket = URL.parse(request.url ?? '', 'http://host')?.searchParams.get('ticket') ?? '';
    const holder = ticket === '' ? undefined : await this.tickets.redeem(ticket);
    const role = holder === undefined ? undefined : await this.holders.roleOf(holder);
    if (holder === undefined || role === undefined) {
      throw new ApiError('session_invalid', 'The ticket is not good, or not any more.');
    }
    this.#admitted.set(request, { holder, role });
  }

  /** Of a request that was admitted. */
  admittedOf(request: IncomingMessage): Admitted {
    const admitted = this.#admitted.get(request);
    if (admitted === undefined) throw new Error('a connection that nobody admitted');
    return admitted;
  }

  /** Browsers always say which site a page is of; what is no browser has no pages to be misled by. */
  #isOfThisSite({ headers }: IncomingMessage): boolean {
    if (headers.origin === undefined) return true;
    const isProxied = this.configuration.environment.trustProxy !== undefined;
    const forwarded = isProxied ? headers['x-forwarded-host'] : undefined;
    return URL.parse(headers.origin)?.host === (forwarded ?? headers.host);
  }
}
