import { createHash } from 'node:crypto';
import { Injectable, Logger, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import type { Request } from 'express';
import { LessThan, type EntityManager } from 'typeorm';
import { ApiError } from '../../common/errors/api-error.js';
import { Configuration } from '../../config/configuration.js';
import { GroupCommitWriter } from '../../database/group-commit-writer.js';
import { ProcessLease } from '../../database/process-lease.js';
import { IdempotencyRecord } from './idempotency-record.entity.js';
import { IdempotentAnswer, type AnswerStore, type StoredAnswer } from './idempotent-answer.js';

const KEY = /^[\x21-\x7e]{1,255}$/;
const CLEAN_UP_EVERY_MS = 600_000;

/** `Idempotency-Key`: a request that is repeated is carried out once and answered the same. */
@Injectable()
export class Idempotency implements OnModuleInit, OnModuleDestroy {
  readonly #logger = new Logger(Idempotency.name);
  #cleanUp: NodeJS.Timeout | undefined;

  constructor(
    private readonly writer: GroupCommitWriter,
    private readonly lease: ProcessLease,
    private readonly configuration: Configuration,
  ) {}

  onModuleInit(): void {
    this.#cleanUp = setInterval(() => void this.#removeExpired(), CLEAN_UP_EVERY_MS).unref();
  }

  onModuleDestroy(): void {
    clearInterval(this.#cleanUp);
  }

  /**
   * Undefined for a request without a key. Otherwise this request owns the key until its answer
   * is complete or released.
   * @throws ApiError `idempotency_in_progress`, `idempotency_mismatch`, `idempotency_not_replayable`,
   *   `invalid_value`, `ledger_unavailable`
   */
  begin(
    request: Request,
    clientId: string,
    bodyText: string,
  ): Promise<IdempotentAnswer> | undefined {
    const key = request.get('idempotency-key');
    return key === undefined ? undefined : this.#begin(key, request, clientId, bodyText);
  }

  async #begin(
    key: string,
    request: Request,
    clientId: string,
    bodyText: string,
  ): Promise<IdempotentAnswer> {
    if (!KEY.test(key)) {
      throw new ApiError('invalid_value', 'An idempotency key has 1 to 255 visible characters.', {
        param: 'idempotency-key',
      });
    }
    const now = Date.now();
    const { idempotencyTtlSeconds, idempotencyMaxBytes } = this.configuration.environment;
    const claim: IdempotencyRecord = {
      clientId,
      key,
      bodyHash: createHash('sha256').update(`${request.path}\n${bodyText}`).digest('hex'),
      requestId: request.context.requestId,
      processId: this.lease.id,
      state: 'in_progress',
      status: null,
      contentType: null,
      body: null,
      createdAt: now,
      expiresAt: now + idempotencyTtlSeconds * 1000,
    };
    const stored = await this.#claim(claim);
    return new IdempotentAnswer(stored, this.#storeOf(claim), idempotencyMaxBytes);
  }

  #claim(claim: IdempotencyRecord): Promise<StoredAnswer | undefined> {
    return this.#write((manager) => this.#claimWithin(manager, claim));
  }

  async #claimWithin(
    manager: EntityManager,
    claim: IdempotencyRecord,
  ): Promise<StoredAnswer | undefined> {
    const { clientId, key } = claim;
    const found = await manager.findOneBy(IdempotencyRecord, { clientId, key });
    if (found === null) {
      await manager.insert(IdempotencyRecord, claim);
      return undefined;
    }
    const abandoned =
      found.state === 'in_progress' && !(await isRegistered(manager, found.processId));
    if (found.expiresAt <= claim.createdAt || abandoned) {
      await manager.update(IdempotencyRecord, { clientId, key }, claim);
      return undefined;
    }
    if (found.bodyHash !== claim.bodyHash) {
      throw new ApiError(
        'idempotency_mismatch',
        'This idempotency key was used before with another request.',
      );
    }
    if (found.state === 'in_progress') {
      throw new ApiError(
        'idempotency_in_progress',
        'A request with this idempotency key is still being carried out.',
        { retryAfterMs: 1000 },
      );
    }
    if (found.state === 'too_large' || found.body === null) {
      throw new ApiError(
        'idempotency_not_replayable',
        'The request was carried out, but its answer was too large to be kept, or is no text.',
      );
    }
    return {
      status: found.status ?? 200,
      contentType: found.contentType ?? 'application/json',
      body: found.body,
      requestId: found.requestId,
    };
  }

  #storeOf({ clientId, key, processId, requestId, createdAt }: IdempotencyRecord): AnswerStore {
    // Not somebody else's claim, who took the key over when its time was up.
    const own = { clientId, key, processId, requestId, createdAt, state: 'in_progress' as const };
    return {
      complete: async (settledId, answer): Promise<void> => {
        await this.#write((manager) =>
          manager.update(
            IdempotencyRecord,
            own,
            answer === undefined
              ? { state: 'too_large', requestId: settledId }
              : { state: 'complete', requestId: settledId, ...answer },
          ),
        );
      },
      release: async (): Promise<void> => {
        try {
          await this.#write((manager) => manager.delete(IdempotencyRecord, own));
        } catch (error) {
          this.#logger.warn({ message: 'an idempotency key could not be released', err: error });
        }
      },
    };
  }

  async #write<T>(work: (manager: EntityManager) => Promise<T>): Promise<T> {
    try {
      return await this.writer.transaction(work);
    } catch (error) {
      if (error instanceof ApiError) throw error;
      throw new ApiError('ledger_unavailable', 'The idempotency key cannot be recorded.', {
        cause: error,
        retryAfterMs: 1000,
      });
    }
  }

  async #removeExpired(): Promise<void> {
    try {
      await this.writer.transaction((manager) =>
        manager.delete(IdempotencyRecord, { expiresAt: LessThan(Date.now()) }),
      );
    } catch (error) {
      this.#logger.warn({ message: 'expired idempotency keys were not removed', err: error });
    }
  }
}

/** The row of a process that died is removed once its requests are closed. */
async function isRegistered(manager: EntityManager, processId: string): Promise<boolean> {
  const row: unknown = await manager
    .createQueryBuilder()
    .select('id')
    .from('processes', 'process')
    .where('process.id = :processId', { processId })
    .getRawOne();
  return row !== undefined;
}
