import { Inject, Injectable } from '@nestjs/common';
import { getDataSourceToken } from '@nestjs/typeorm';
import { MoreThan, type DataSource } from 'typeorm';
import { ApiError } from '../../../common/errors/api-error.js';
import { Configuration } from '../../../config/configuration.js';
import { READER } from '../../../database/data-source-options.js';
import { GroupCommitWriter } from '../../../database/group-commit-writer.js';
import type { ResponsesItem } from '../responses-api.js';
import { ResponseRetention } from './response-retention.js';
import { RESPONSE_ROWS } from './response-rows.js';
import { ResponseSeal } from './response-seal.js';
import { StoredResponseItemRow, StoredResponseRow } from './stored-response.entity.js';

const MAX_ID_LENGTH = 128;
/** About what a row takes beside its body. */
const ROW_BYTES = 512;
/** Of a conversation; what is longer cannot be read by any model. */
const MAX_RESPONSES_IN_A_ROW = 1000;

/** A response as its client knows it. */
export interface KeptResponse {
  readonly response: { readonly id: string; readonly output: readonly ResponsesItem[] };
  /** What the request itself said, without the responses before. */
  readonly input: readonly ResponsesItem[];
}

export interface ResponseToKeep extends Pick<KeptResponse, 'response'> {
  /** Absent when it is too large: then only where the response is gets kept. */
  readonly input: readonly ResponsesItem[] | undefined;
  readonly clientId: string;
  readonly previousId: string | null;
  /** Of the provider instance whose vendor keeps it too; null when only the proxy does. */
  readonly instance: string | null;
}

/** What is known of a stored response; `kept` is absent when it was too large to be kept here. */
export interface FoundResponse {
  readonly id: string;
  readonly previousId: string | null;
  readonly instance: string | null;
  readonly kept?: KeptResponse;
}

/**
 * The responses that clients may refer to: `previous_response_id`, references to items, and the
 * routes that read and delete them. Bounded by time, and by size for each response and each client.
 */
@Injectable()
export class ResponseStore {
  readonly #seal: ResponseSeal;

  constructor(
    private readonly writer: GroupCommitWriter,
    private readonly retention: ResponseRetention,
    private readonly configuration: Configuration,
    @Inject(getDataSourceToken(READER)) private readonly reader: DataSource,
  ) {
    this.#seal = new ResponseSeal(configuration.environment.keyPepper);
  }

  /** False where nothing is ever stored. */
  get isOn(): boolean {
    return this.configuration.environment.responsesRetentionSeconds > 0;
  }

  /** Whether an input of that size is kept. */
  fits(bytes: number): boolean {
    return bytes <= this.configuration.environment.responsesMaxBytes;
  }

  /**
   * Resolves when it is durable.
   * @throws ApiError `ledger_unavailable`
   */
  async keep({ clientId, previousId, instance, response, input }: ResponseToKeep): Promise<void> {
    const { responsesRetentionSeconds } = this.configuration.environment;
    const { id, output } = response;
    if (!isId(id)) return;
    const kept: KeptResponse | undefined = input && { response, input };
    const sealed = kept === undefined ? null : this.#seal.seal(JSON.stringify(kept), clientId, id);
    const createdAt = Date.now();
    const row: StoredResponseRow = {
      clientId,
      id,
      previousId,
      instance,
      createdAt,
      expiresAt: createdAt + responsesRetentionSeconds * 1000,
      bytes: ROW_BYTES + (sealed?.length ?? 0),
      body: sealed,
    };
    const itemIds = new Set(output.map((item) => item.id).filter(isId));
    try {
      await this.writer.append(RESPONSE_ROWS, { row, itemIds: [...itemIds] });
    } catch (error) {
      throw new ApiError('ledger_unavailable', 'The response cannot be stored.', {
        cause: error,
        retryAfterMs: 1000,
      });
    }
    this.retention.grown(row.bytes);
  }

  /** Undefined when there is none, its time is up, or it is somebody else's. */
  async find(clientId: string, id: string): Promise<FoundResponse | undefined> {
    if (!isId(id)) return undefined;
    const row = await this.reader.manager.findOneBy(StoredResponseRow, {
      clientId,
      id,
      expiresAt: MoreThan(Date.now()),
    });
    return row === null ? undefined : this.#read(row);
  }

  /** The response that an output item belongs to. */
  async findOfItem(clientId: string, itemId: string): Promise<FoundResponse | undefined> {
    if (!isId(itemId)) return undefined;
    const item = await this.reader.manager.findOneBy(StoredResponseItemRow, {
      clientId,
      id: itemId,
    });
    return item === null ? undefined : this.find(clientId, item.responseId);
  }

  /**
   * A response and those that it goes on from, oldest first. Undefined unless all of them are
   * there: half a conversation is another one.
   */
  async findConversation(clientId: string, id: string): Promise<FoundResponse[] | undefined> {
    const conversation: FoundResponse[] = [];
    for (let next: string | null = id; next !== null;) {
      const found: FoundResponse | undefined = await this.find(clientId, next);
      if (found === undefined || conversation.length === MAX_RESPONSES_IN_A_ROW) return undefined;
      conversation.unshift(found);
      next = found.previousId;
    }
    return conversation;
  }

  /** @throws ApiError `ledger_unavailable` */
  async remove(clientId: string, id: string): Promise<void> {
    try {
      await this.writer.transaction(async (manager) => {
        await manager.delete(StoredResponseItemRow, { clientId, responseId: id });
        await manager.delete(StoredResponseRow, { clientId, id });
      });
    } catch (error) {
      throw new ApiError('ledger_unavailable', 'The response cannot be deleted.', {
        cause: error,
        retryAfterMs: 1000,
      });
    }
  }

  #read({ clientId, id, previousId, instance, body }: StoredResponseRow): FoundResponse {
    const text = body === null ? undefined : this.#seal.open(body, clientId, id);
    if (text === undefined) return { id, previousId, instance };
    return { id, previousId, instance, kept: JSON.parse(text) as KeptResponse };
  }
}

function isId(id: unknown): id is string {
  return typeof id === 'string' && id !== '' && id.length <= MAX_ID_LENGTH;
}
