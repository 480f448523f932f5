import { Injectable } from '@nestjs/common';
import { ProcessLease } from '../../database/process-lease.js';
import { ProviderReport } from '../provider-report.js';
import { Readiness } from '../readiness.js';
import { type DatabaseSize, DatabaseSizes } from './database-size.js';
import { ProcessSample, type Sample } from './process-sample.js';

/** A process of this installation. Times are epoch milliseconds. */
export interface KnownProcess {
  readonly id: string;
  readonly pid: number;
  readonly startedAt: number;
  readonly heartbeatAt: number;
}

export interface SystemHealth {
  /** What is not as it should be, in words; empty when all is well. */
  readonly degraded: readonly string[];
  readonly process: Sample;
  readonly processes: readonly KnownProcess[];
  readonly database: DatabaseSize & { readonly answers: boolean };
}

/** How the installation is, as this process sees it. Everything is measured when it is asked for. */
@Injectable()
export class SystemHealthService {
  constructor(
    private readonly sample: ProcessSample,
    private readonly sizes: DatabaseSizes,
    private readonly readiness: Readiness,
    private readonly report: ProviderReport,
    private readonly lease: ProcessLease,
  ) {}

  async read(): Promise<SystemHealth> {
    const process = this.sample.take();
    const [size, status] = await Promise.all([this.sizes.read(), this.readiness.status()]);
    const answers = status !== 'database_unavailable';
    const processes = answers ? await this.lease.processes().catch(() => []) : [];
    return {
      degraded: [
        ...(answers ? [] : ['The database does not answer.']),
        ...(process.draining ? ['The process is shutting down.'] : []),
        ...(process.overloadedBy === null
          ? []
          : [`New requests are refused: too much ${wordFor(process.overloadedBy)}.`]),
        ...this.#unwellProviders(),
      ],
      process,
      processes: processes.map(({ id, pid, startedAt, heartbeatAt }) => ({
        id,
        pid,
        startedAt,
        heartbeatAt,
      })),
      database: { ...size, answers },
    };
  }

  #unwellProviders(): string[] {
    return this.report
      .providers()
      .filter(({ state, breaker }) => state !== 'healthy' || breaker !== 'closed')
      .map(({ name, state, breaker }) =>
        breaker === 'closed'
          ? `The provider ${name} is ${state}.`
          : `The breaker of the provider ${name} is ${breaker}.`,
      );
  }
}

function wordFor(reason: 'event_loop' | 'memory'): string {
  return reason === 'memory' ? 'memory is in use' : 'waits for the event loop';
}
