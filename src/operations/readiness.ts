import { Inject, Injectable } from '@nestjs/common';
import { getDataSourceToken } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { READER } from '../database/data-source-options.js';
import { InFlight } from '../common/in-flight.js';

export type ReadinessStatus = 'ok' | 'draining' | 'database_unavailable';

const DATABASE_ANSWERS_WITHIN_MS = 2_000;

/** Answers whether traffic should come here: not while draining, not without the database. */
@Injectable()
export class Readiness {
  constructor(
    private readonly inFlight: InFlight,
    @Inject(getDataSourceToken(READER)) private readonly reader: DataSource,
  ) {}

  async status(): Promise<ReadinessStatus> {
    if (this.inFlight.draining) return 'draining';
    return (await this.#databaseAnswers()) ? 'ok' : 'database_unavailable';
  }

  async #databaseAnswers(): Promise<boolean> {
    let timer: NodeJS.Timeout | undefined;
    const tooLate = new Promise<boolean>((resolve) => {
      timer = setTimeout(() => resolve(false), DATABASE_ANSWERS_WITHIN_MS);
    });
    const answers = this.reader.query('SELECT 1').then(
      () => true,
      () => false,
    );
    const answered = await Promise.race([answers, tooLate]);
    clearTimeout(timer);
    return answered;
  }
}
