import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { ProcessLease, type ProcessRow } from '../../database/process-lease.js';

const LOOK_EVERY_MS = 1_000;
const SILENT_AFTER_MS = 8_000;
/** Commands of the command line are registered too, for a moment; they serve nobody. */
const SERVES_AFTER_MS = 2_500;

/** How many processes serve this installation, so that each knows its share of what nobody counts for all. */
@Injectable()
export class LiveProcesses implements OnApplicationBootstrap, OnModuleDestroy {
  #count = 1;
  #timer: NodeJS.Timeout | undefined;

  constructor(private readonly lease: ProcessLease) {}

  /** At least one: this one. */
  get count(): number {
    return this.#count;
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.look();
    this.#timer = setInterval(() => void this.look(), LOOK_EVERY_MS).unref();
  }

  onModuleDestroy(): void {
    clearInterval(this.#timer);
  }

  /** Counts anew; while the database does not answer, what was counted last holds. */
  async look(): Promise<void> {
    const rows = await this.lease.processes().catch(() => undefined);
    if (rows === undefined) return;
    const now = Date.now();
    this.#count = 1 + rows.filter((row) => row.id !== this.lease.id && serves(row, now)).length;
  }
}

function serves({ startedAt, heartbeatAt }: ProcessRow, now: number): boolean {
  return now - heartbeatAt < SILENT_AFTER_MS && heartbeatAt - startedAt > SERVES_AFTER_MS;
}
