import { Injectable } from '@nestjs/common';
import type { Request } from 'express';
import type { ApiError } from '../common/errors/api-error.js';
import type { Figure } from '../common/metrics/figure.js';
import { Figures } from '../common/metrics/figures.js';
import type { Sums } from '../common/metrics/sums.js';
import { Configuration } from '../config/configuration.js';

const REJECTED = {
  name: 'llm_proxy_rejected_total',
  help: 'Requests of the client API that were refused before they were in the ledger, by error code.',
  labels: ['reason'],
} as const satisfies Figure;

/** Counts what the ledger knows nothing of: requests of the client API that were not taken on. */
@Injectable()
export class Refusals {
  readonly #root: string;
  readonly #rejected: Sums<'reason'>;

  constructor(figures: Figures, { environment }: Configuration) {
    this.#root = `${environment.basePath}/v1/`.toLowerCase();
    this.#rejected = figures.addCounter(REJECTED);
  }

  /** To be called with every error that ends a request. */
  readonly count = (error: ApiError, { path, context }: Request): void => {
    if (context?.accepted === true || !path.toLowerCase().startsWith(this.#root)) return;
    this.#rejected.of(error.code).value += 1;
  };
}
