import { setTimeout as pause } from 'node:timers/promises';
import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import type { Figure } from '../../common/metrics/figure.js';
import { Figures } from '../../common/metrics/figures.js';
import { QUEUE_DEPTH } from '../../common/metrics/queue-depth.js';
import type { Sum } from '../../common/metrics/sums.js';
import { Configuration } from '../../config/configuration.js';
import { GroupCommitWriter } from '../../database/group-commit-writer.js';
import { insertRows } from '../../database/insert-rows.js';
import type { StoredBody } from './body-kinds.js';
import { BodyRecord } from './body-record.js';
import { BODY_CELLS, BODY_TABLE } from './body-table.js';
import { beginningOf } from './gathered-text.js';
import { maskKeys } from './mask-keys.js';

/** The request that bodies belong to. */
export type BodyOwner = Pick<StoredBody, 'requestId' | 'createdAt'>;

/** Of texts that wait to be written. */
const MAX_QUEUED_BYTES = 16 * 1024 * 1024;
/** Of texts in one transaction: everybody else waits for it. */
const BATCH_BYTES = 256 * 1024;
/** Writing takes this share of the time at most, so that requests do not feel it. */
const SHARE = 0.2;
const LONGEST_REST_MS = 1_000;

const DROPPED = {
  name: 'llm_proxy_bodies_dropped_total',
  help: 'Requests whose bodies were to be kept and are not, because too many waited or the database refused them.',
  labels: [],
} as const satisfies Figure;

/**
 * Bodies of requests, when `LOG_BODIES` asks for them: gathered beside the request, written after
 * it. Where more arrives than can be written the newest is dropped, counted and told in the log.
 */
@Injectable()
export class BodyLog implements OnModuleDestroy {
  readonly isOn: boolean;
  readonly #logger = new Logger(BodyLog.name);
  readonly #maxBytes: number;
  readonly #dropped: Sum;
  readonly #queue: StoredBody[][] = [];
  #queuedBytes = 0;
  #writing: Promise<void> | undefined;
  #pausing: AbortController | undefined;
  /** Who waits for the end. */
  #hurried = 0;
  #dropTold = false;

  constructor(
    private readonly configuration: Configuration,
    private readonly writer: GroupCommitWriter,
    figures: Figures,
  ) {
    const { logBodies, logBodiesMaxBytes } = configuration.environment;
    this.isOn = logBodies === 'on';
    this.#maxBytes = logBodiesMaxBytes;
    this.#dropped = figures.addCounter(DROPPED).of();
    figures.addGauge(QUEUE_DEPTH, () => [
      { labels: { queue: 'request_bodies' }, value: this.#queue.length },
    ]);
  }

  /** What waits is written, without pauses. */
  async onModuleDestroy(): Promise<void> {
    await this.flush();
  }

  /** Undefined where nothing is to be kept. */
  begin({ requestId, createdAt }: BodyOwner): BodyRecord | undefined {
    if (!this.isOn) return undefined;
    return new BodyRecord({
      requestId,
      createdAt,
      maxBytes: this.#maxBytes,
      keep: (record) => this.#keep(record),
    });
  }

  /** Resolves when nothing waits any more. */
  async flush(): Promise<void> {
    this.#hurried += 1;
    this.#pausing?.abort();
    while (this.#writing !== undefined) await this.#writing;
    this.#hurried -= 1;
  }

  #keep(record: BodyRecord): void {
    const bodies = this.#bodiesOf(record);
    const bytes = bytesOf(bodies);
    if (this.#queuedBytes + bytes > MAX_QUEUED_BYTES) {
      this.#drop(1);
      return;
    }
    this.#queue.push(bodies);
    this.#queuedBytes += bytes;
    this.#writing ??= this.#writeAll().finally(() => (this.#writing = undefined));
  }

  #bodiesOf({ requestId, createdAt, texts }: BodyRecord): StoredBody[] {
    const keys = this.configuration
      .providers()
      .flatMap(({ apiKeys }) => apiKeys.map((key) => key.reveal()));
    return [...texts].map(([kind, gathered]) => {
      const read = gathered.read();
      // Before it is cut: half a key would not look like one.
      const masked = maskKeys(read, keys);
      return {
        requestId,
        kind,
        createdAt,
        text: beginningOf(masked, this.#maxBytes),
        bytes: gathered.bytes,
        truncated: gathered.bytes > this.#maxBytes,
        redacted: masked !== read,
      };
    });
  }

  async #writeAll(): Promise<void> {
    while (this.#queue.length > 0) {
      const started = performance.now();
      await this.#writeBatch();
      await this.#rest(performance.now() - started);
    }
    this.#dropTold = false;
  }

  /** Unless somebody waits for the end. */
  async #rest(workedMs: number): Promise<void> {
    if (this.#hurried > 0) return;
    this.#pausing = new AbortController();
    const { signal } = this.#pausing;
    const restMs = Math.min((workedMs * (1 - SHARE)) / SHARE, LONGEST_REST_MS);
    await pause(restMs, undefined, { signal, ref: false }).catch(() => undefined);
  }

  async #writeBatch(): Promise<void> {
    const batch: StoredBody[][] = [];
    let bytes = 0;
    while (this.#queue.length > 0 && bytes < BATCH_BYTES) {
      const next = this.#queue.shift() as StoredBody[];
      batch.push(next);
      bytes += bytesOf(next);
    }
    try {
      const rows = batch.flat().map(BODY_CELLS);
      await this.writer.transaction((manager) => insertRows(manager, BODY_TABLE, rows));
    } catch (error) {
      this.#drop(batch.length, error);
    } finally {
      this.#queuedBytes -= bytes;
    }
  }

  #drop(requests: number, cause?: unknown): void {
    this.#dropped.value += requests;
    if (this.#dropTold) return;
    this.#dropTold = true;
    this.#logger.warn({ message: 'bodies of requests are not kept', err: cause });
  }
}

function bytesOf(bodies: readonly StoredBody[]): number {
  return bodies.reduce((sum, { text }) => sum + text.length, 0);
}
