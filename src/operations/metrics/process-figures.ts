import { Injectable } from '@nestjs/common';
import { collectDefaultMetrics } from 'prom-client';
import { InFlight } from '../../common/in-flight.js';
import type { Figure } from '../../common/metrics/figure.js';
import { Figures } from '../../common/metrics/figures.js';
import { VERSION } from '../version.js';

const IN_FLIGHT = {
  name: 'llm_proxy_in_flight_requests',
  help: 'Requests of the client API that are being answered at the moment.',
  labels: [],
} as const satisfies Figure;

const BUILD_INFO = {
  name: 'llm_proxy_build_info',
  help: 'Always 1; the labels say what runs.',
  labels: ['version', 'node'],
} as const satisfies Figure;

/** All figures as text, those of the process itself among them. */
@Injectable()
export class ProcessFigures {
  #measured = false;

  constructor(
    private readonly figures: Figures,
    inFlight: InFlight,
  ) {
    figures.addGauge(IN_FLIGHT, () => [{ labels: {}, value: inFlight.size }]);
    const labels = { version: VERSION, node: process.versions.node };
    figures.addGauge(BUILD_INFO, () => [{ labels, value: 1 }]);
  }

  get contentType(): string {
    return this.figures.registry.contentType;
  }

  /** In Prometheus' text format. */
  text(): Promise<string> {
    this.#measure();
    return this.figures.registry.metrics();
  }

  /** At the first scrape: whoever never asks pays for no measurement of the event loop. */
  #measure(): void {
    if (this.#measured) return;
    this.#measured = true;
    collectDefaultMetrics({ register: this.figures.registry });
  }
}
