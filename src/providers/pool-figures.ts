import { Injectable } from '@nestjs/common';
import type { Figure } from '../common/metrics/figure.js';
import { Figures } from '../common/metrics/figures.js';
import { Upstream } from './upstream/upstream.js';

const CONNECTIONS = {
  name: 'llm_proxy_upstream_connections',
  help: 'Connections that are open to a provider instance, by whether a call has them.',
  labels: ['provider', 'state'],
} as const satisfies Figure;

const PENDING = {
  name: 'llm_proxy_upstream_pending_calls',
  help: 'Calls that wait for a connection to a provider instance.',
  labels: ['provider'],
} as const satisfies Figure;

/** The connection pools of the instances that were called. */
@Injectable()
export class PoolFigures {
  constructor(figures: Figures, upstream: Upstream) {
    figures.addGauge(CONNECTIONS, () =>
      [...upstream.pools()].flatMap(([provider, { connected, free }]) => [
        { labels: { provider, state: 'free' }, value: free },
        { labels: { provider, state: 'busy' }, value: connected - free },
      ]),
    );
    figures.addGauge(PENDING, () =>
      [...upstream.pools()].map(([provider, { pending }]) => ({
        labels: { provider },
        value: pending,
      })),
    );
  }
}
