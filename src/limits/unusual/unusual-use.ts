import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import { type Observable, Subject } from 'rxjs';
import type { Limit } from '../rates/limit.js';

const MINUTE_MS = 60_000;

/** Requests per minute of one client that would be unusual. */
export interface UsualUse {
  readonly clientId: string;
  readonly clientName: string;
  /** As it was over the last days. */
  readonly usualPerMinute: number;
  /** More are held back. */
  readonly mostPerMinute: number;
}

/**
 * Holds clients to a multiple of their own usual use, where their configuration asks for it. As
 * one of the client's limits it is counted like all others, over all processes.
 */
@Injectable()
export class UnusualUse implements OnModuleDestroy {
  readonly #logger = new Logger(UnusualUse.name);
  readonly #changes = new Subject<void>();
  readonly #held = new Subject<UsualUse>();
  readonly #toldAt = new Map<string, number>();
  #uses: ReadonlyMap<string, UsualUse> = new Map();

  /** Emits after a client may make more or fewer requests than before. */
  get changes(): Observable<void> {
    return this.#changes.asObservable();
  }

  /** Emits when a client is held back, at most once a minute for each. */
  get held(): Observable<UsualUse> {
    return this.#held.asObservable();
  }

  onModuleDestroy(): void {
    this.#changes.complete();
    this.#held.complete();
  }

  /** Undefined where nothing of this kind holds. */
  limitOf(clientId: string): Limit | undefined {
    const use = this.#uses.get(clientId);
    if (use === undefined) return undefined;
    return {
      id: `requests:unusual:${clientId}`,
      kind: 'requests',
      most: use.mostPerMinute,
      scope: 'client',
      scopeId: clientId,
      endpoint: undefined,
      isUnusual: true,
    };
  }

  replace(uses: readonly UsualUse[]): void {
    const before = JSON.stringify([...this.#uses.values()]);
    this.#uses = new Map(uses.map((use) => [use.clientId, use]));
    for (const id of this.#toldAt.keys()) if (!this.#uses.has(id)) this.#toldAt.delete(id);
    if (JSON.stringify(uses) !== before) this.#changes.next();
  }

  /** A request of this client was held back by the limit. */
  tell(clientId: string): void {
    const use = this.#uses.get(clientId);
    const now = performance.now();
    if (use === undefined || now - (this.#toldAt.get(clientId) ?? -Infinity) < MINUTE_MS) return;
    this.#toldAt.set(clientId, now);
    const usual = Math.round(use.usualPerMinute * 10) / 10;
    this.#logger.warn({
      message: `a client is held to ${use.mostPerMinute} requests per minute because its use is unusual: it makes ${usual} otherwise`,
      client: use.clientName,
    });
    this.#held.next(use);
  }
}
