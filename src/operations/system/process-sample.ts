import { performance } from 'node:perf_hooks';
import { Injectable } from '@nestjs/common';
import { InFlight } from '../../common/in-flight.js';
import { Figures } from '../../common/metrics/figures.js';
import { QUEUE_DEPTH } from '../../common/metrics/queue-depth.js';
import { ProcessLease } from '../../database/process-lease.js';
import type { PoolState } from '../../providers/upstream/channel.js';
import { Upstream } from '../../providers/upstream/upstream.js';
import { Ledger } from '../../usage/ledger.js';
import { Overload, type OverloadReason } from '../overload/overload.js';

/** How the process is at one moment. Bytes and milliseconds. */
export interface Sample {
  /** Of the process, for as long as it lives. */
  readonly id: string;
  readonly pid: number;
  readonly uptimeSeconds: number;
  readonly memory: {
    readonly rssBytes: number;
    readonly heapUsedBytes: number;
    readonly heapTotalBytes: number;
    readonly externalBytes: number;
    readonly arrayBuffersBytes: number;
    /** What it may have: of the container, or else of the machine. */
    readonly limitBytes: number;
  };
  readonly eventLoop: {
    /** Mean lateness in the last half second; null while it is not measured. */
    readonly lagMs: number | null;
    /** Share of its time since the start that it was busy. */
    readonly utilization: number;
  };
  /** Why new requests are refused; null when they are not. */
  readonly overloadedBy: OverloadReason | null;
  readonly draining: boolean;
  readonly inFlight: number;
  readonly openReservations: number;
  readonly queues: Readonly<Record<string, number>>;
  /** Connections by provider instance. */
  readonly pools: Readonly<Record<string, PoolState>>;
}

/** Measures this process. Nothing is measured before somebody asks. */
@Injectable()
export class ProcessSample {
  constructor(
    private readonly figures: Figures,
    private readonly inFlight: InFlight,
    private readonly ledger: Ledger,
    private readonly lease: ProcessLease,
    private readonly overload: Overload,
    private readonly upstream: Upstream,
  ) {}

  take(): Sample {
    const memory = process.memoryUsage();
    const { lagMs, reason } = this.overload;
    return {
      id: this.lease.id,
      pid: process.pid,
      uptimeSeconds: Math.round(process.uptime()),
      memory: {
        rssBytes: memory.rss,
        heapUsedBytes: memory.heapUsed,
        heapTotalBytes: memory.heapTotal,
        externalBytes: memory.external,
        arrayBuffersBytes: memory.arrayBuffers,
        limitBytes: this.overload.memoryLimitBytes,
      },
      eventLoop: {
        lagMs: lagMs === null ? null : Math.round(lagMs * 100) / 100,
        utilization: Math.round(performance.eventLoopUtilization().utilization * 1000) / 1000,
      },
      overloadedBy: reason ?? null,
      draining: this.inFlight.draining,
      inFlight: this.inFlight.size,
      openReservations: this.ledger.openReservations,
      queues: Object.fromEntries(
        this.figures.readingsOf(QUEUE_DEPTH).map(({ labels, value }) => [labels.queue, value]),
      ),
      pools: Object.fromEntries(this.upstream.pools()),
    };
  }
}
