import { ApiProperty } from '@nestjs/swagger';
import type { SystemHealth } from '../../operations/system/system-health.service.js';
import { VERSION } from '../../operations/version.js';

export class MemoryView {
  /** Resident. */
  rssBytes!: number;
  heapUsedBytes!: number;
  heapTotalBytes!: number;
  externalBytes!: number;
  arrayBuffersBytes!: number;
  /** What the process may have: of the container, or else of the machine. */
  limitBytes!: number;
}

export class EventLoopView {
  /** Mean milliseconds that it was late in the last half second; null while it is not measured. */
  lagMs!: number | null;
  /** Share of the time since the start that it was busy, 0 to 1. */
  utilization!: number;
}

/** Connections to a provider. */
export class PoolView {
  provider!: string;
  connected!: number;
  /** Of those, the ones that do nothing. */
  free!: number;
  /** Calls that wait for a connection. */
  pending!: number;
  running!: number;
}

export class QueueView {
  queue!: string;
  /** What waits in it. */
  depth!: number;
}

export class DatabaseSizeView {
  @ApiProperty({ enum: ['sqlite', 'postgres'] })
  kind!: 'sqlite' | 'postgres';
  answers!: boolean;
  /** Null when it does not answer. */
  bytes!: number | null;
  /** Of what is written but not yet copied back; null where nobody can tell. */
  walBytes!: number | null;
}

export class ProcessView {
  id!: string;
  pid!: number;
  /** ISO 8601. */
  startedAt!: string;
  heartbeatAt!: string;
  /** Whether it is the one that answers here. */
  isThis!: boolean;
}

/** How the installation is, as the process sees it that answers. */
export class SystemHealthView {
  /** What is not as it should be, in words; empty when all is well. */
  degraded!: string[];
  version!: string;
  /** Of Node.js. */
  node!: string;
  uptimeSeconds!: number;
  memory!: MemoryView;
  eventLoop!: EventLoopView;
  /** Requests that are being answered. */
  inFlight!: number;
  openReservations!: number;
  queues!: QueueView[];
  pools!: PoolView[];
  database!: DatabaseSizeView;
  processes!: ProcessView[];
}

export function systemHealthView(health: SystemHealth): SystemHealthView {
  const { process: sample, processes, database, degraded } = health;
  return {
    degraded: [...degraded],
    version: VERSION,
    node: process.versions.node,
    uptimeSeconds: sample.uptimeSeconds,
    memory: sample.memory,
    eventLoop: sample.eventLoop,
    inFlight: sample.inFlight,
    openReservations: sample.openReservations,
    queues: Object.entries(sample.queues).map(([queue, depth]) => ({ queue, depth })),
    pools: Object.entries(sample.pools).map(([provider, pool]) => ({ provider, ...pool })),
    database,
    processes: processes.map(({ id, pid, startedAt, heartbeatAt }) => ({
      id,
      pid,
      startedAt: new Date(startedAt).toISOString(),
      heartbeatAt: new Date(heartbeatAt).toISOString(),
      isThis: id === sample.id,
    })),
  };
}
