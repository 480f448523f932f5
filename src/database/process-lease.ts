import { randomUUID } from 'node:crypto';

import { Injectable, Logger } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';

import { READER } from './data-source-options.js';
import { GroupCommitWriter } from './group-commit-writer.js';
import { insertTarget } from './insert-rows.js';
import type { InsertTable } from './insert-table.js';
import { hostIdentity, isRunning, startTimeOf } from './process-identity.js';

const BEAT_INTERVAL_MS = 2_000;
const DEAD_AFTER_MS = 8_000;

/** Start times are compared with this much tolerance: the clock may have been set since. */
const START_TIME_TOLERANCE_MS = 5_000;

export interface ProcessRow {
  id: string;
  host: string;
  pid: number;
  /** Epoch milliseconds, as are the others. */
  startedAt: number;
  heartbeatAt: number;
  /** Creation time of its oldest open reservation when it last beat; undefined when it had none. */
  oldestOpenAt: number | undefined;
}

const PROCESSES: InsertTable = {
  table: 'processes',
  columns: [
    { name: 'id', type: 'text' },
    { name: 'host', type: 'text' },
    { name: 'pid', type: 'integer' },
    { name: 'started_at', type: 'integer' },
    { name: 'heartbeat_at', type: 'integer' },
    { name: 'oldest_open_at', type: 'integer' },
  ],
  onConflict: { keys: ['id'], replace: ['heartbeat_at', 'oldest_open_at'] },
};

const BEATS = insertTarget<ProcessRow>(PROCESSES, (row) => [
  row.id,
  row.host,
  row.pid,
  row.startedAt,
  row.heartbeatAt,
  row.oldestOpenAt ?? null,
]);

/** This process's sign of life, and the judgement of others'. */
@Injectable()
export class ProcessLease {
  /** Written into every row that this process is responsible for. */
  readonly id = randomUUID();
  readonly #logger = new Logger(ProcessLease.name);
  readonly #host = hostIdentity();
  readonly #startedAt = startTimeOf(process.pid) ?? Math.round(performance.timeOrigin);
  readonly #writer: GroupCommitWriter;
  readonly #reader: DataSource;
  #oldestOpen: () => number | undefined = () => undefined;
  #timer: NodeJS.Timeout | undefined;
  #beating: Promise<void> | undefined;
  #landed = true;
  /** When the last two beats were committed, on the monotonic clock. */
  #landedAt: [number, number] = [-Infinity, -Infinity];

  constructor(writer: GroupCommitWriter, @InjectDataSource(READER) reader: DataSource) {
    this.#writer = writer;
    this.#reader = reader;
  }

  /** Registers this process and begins to beat. Rejects when the first beat cannot be written. */
  async start(): Promise<void> {
    if (this.#timer) return;
    await this.beat();
    this.#timer = setInterval(() => this.#beatUnlessBeating(), BEAT_INTERVAL_MS);
    this.#timer.unref();
  }

  /** `provider` tells the creation time (epoch ms) of the oldest open reservation; asked at each beat. */
  setOldestOpen(provider: () => number | undefined): void {
    this.#oldestOpen = provider;
  }

  /** Writes one sign of life now. */
  async beat(): Promise<void> {
    await this.#writer.append(BEATS, {
      id: this.id,
      host: this.#host,
      pid: process.pid,
      startedAt: this.#startedAt,
      heartbeatAt: Date.now(),
      oldestOpenAt: this.#oldestOpen(),
    });
    this.#landedAt = [this.#landedAt[1], performance.now()];
  }

  /** Whether no other process can have taken this one for dead: it beat not long ago. */
  get isFresh(): boolean {
    return performance.now() - this.#landedAt[1] < DEAD_AFTER_MS - BEAT_INTERVAL_MS;
  }

  /** Every registered process, this one included. */
  async processes(): Promise<ProcessRow[]> {
    const rows: Record<string, string | number | null>[] = await this.#reader.query(
      'SELECT id, host, pid, started_at, heartbeat_at, oldest_open_at FROM processes',
    );
    return rows.map((row) => ({
      id: String(row['id']),
      host: String(row['host']),
      pid: Number(row['pid']),
      startedAt: Number(row['started_at']),
      heartbeatAt: Number(row['heartbeat_at']),
      oldestOpenAt: row['oldest_open_at'] === null ? undefined : Number(row['oldest_open_at']),
    }));
  }

  /**
   * Processes that ended without saying so. On this host the system's process table decides, also
   * for a process that could not beat for a while; elsewhere a heartbeat older than 8 s, provided
   * that this process could beat: after an outage of the database every heartbeat is old.
   */
  async deadProcesses(): Promise<ProcessRow[]> {
    const now = Date.now();
    return (await this.processes()).filter((row) => this.#isDead(row, now));
  }

  /** Removes the row of a dead process, once everything that it left open is settled. */
  async forget(id: string): Promise<void> {
    await this.#writer.transaction((manager) =>
      manager.createQueryBuilder().delete().from('processes').where({ id }).execute(),
    );
  }

  /** Stops beating and removes this process's row. */
  async stop(): Promise<void> {
    if (!this.#timer) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
    await this.#beating;
    await this.forget(this.id);
  }

  #isDead(row: ProcessRow, now: number): boolean {
    if (row.id === this.id) return false;
    if (row.host !== this.#host) return this.#beatsLand() && now - row.heartbeatAt > DEAD_AFTER_MS;
    if (row.pid === process.pid || !isRunning(row.pid)) return true;
    const startedAt = startTimeOf(row.pid);
    if (startedAt === undefined) return now - row.heartbeatAt > DEAD_AFTER_MS;
    // The id was given to another program since.
    return Math.abs(startedAt - row.startedAt) > START_TIME_TOLERANCE_MS;
  }

  #beatsLand(): boolean {
    const [previous, last] = this.#landedAt;
    return (
      performance.now() - last < 2 * BEAT_INTERVAL_MS && last - previous < 2 * BEAT_INTERVAL_MS
    );
  }

  #beatUnlessBeating(): void {
    this.#beating ??= this.beat()
      .then(
        () => this.#setLanded(true),
        () => this.#setLanded(false),
      )
      .finally(() => (this.#beating = undefined));
  }

  #setLanded(landed: boolean): void {
    if (this.#landed === landed) return;
    this.#landed = landed;
    if (landed) this.#logger.log('The sign of life is written again.');
    else this.#logger.warn('The sign of life cannot be written: the database is unavailable.');
  }
}
