import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import type { Subscription } from 'rxjs';
import type { Figure } from '../../common/metrics/figure.js';
import { Figures } from '../../common/metrics/figures.js';
import type { Sums } from '../../common/metrics/sums.js';
import { Configuration } from '../../config/configuration.js';
import { ProviderError } from '../../providers/contract/provider-error.js';
import { ProviderRegistry } from '../../providers/provider-registry.js';
import { probe } from './probe.js';
import { ProviderHealth } from './provider-health.service.js';

const PROBES = {
  name: 'llm_proxy_health_probes_total',
  help: 'Probes of provider instances: ok, or the kind of failure.',
  labels: ['provider', 'outcome'],
} as const satisfies Figure;

interface Probing {
  readonly everyMs: number;
  readonly timer: NodeJS.Timeout;
  readonly abort: AbortController;
}

/**
 * Probes the instances that nobody calls or that are not well. Whoever answers clients shows by
 * that how it is, and is left alone.
 */
@Injectable()
export class HealthProbes implements OnApplicationBootstrap, OnModuleDestroy {
  readonly #probed: Sums<'provider' | 'outcome'>;
  readonly #probing = new Map<string, Probing>();
  readonly #busy = new Set<string>();
  #changes: Subscription | undefined;

  constructor(
    private readonly health: ProviderHealth,
    private readonly registry: ProviderRegistry,
    private readonly configuration: Configuration,
    figures: Figures,
  ) {
    this.#probed = figures.addCounter(PROBES);
  }

  onApplicationBootstrap(): void {
    this.#changes = this.configuration.changes.subscribe(() => this.#follow());
    this.#follow();
  }

  onModuleDestroy(): void {
    this.#changes?.unsubscribe();
    for (const name of this.#probing.keys()) this.#stop(name);
  }

  #follow(): void {
    const wanted = new Map(
      this.configuration
        .providers()
        .filter(({ health }) => health.probe !== 'off' && health.probeIntervalMs > 0)
        .map(({ name, health }) => [name, health.probeIntervalMs]),
    );
    for (const [name, { everyMs }] of this.#probing) {
      if (wanted.get(name) !== everyMs) this.#stop(name);
    }
    for (const [name, everyMs] of wanted) {
      if (this.#probing.has(name)) continue;
      const timer = setInterval(() => void this.#probe(name), everyMs).unref();
      this.#probing.set(name, { everyMs, timer, abort: new AbortController() });
    }
  }

  #stop(name: string): void {
    const probing = this.#probing.get(name);
    this.#probing.delete(name);
    clearInterval(probing?.timer);
    probing?.abort.abort();
  }

  async #probe(name: string): Promise<void> {
    const registered = this.registry.find(name);
    const settings = this.health.settingsOf(name);
    const signal = this.#probing.get(name)?.abort.signal;
    const { state } = this.health.of(name);
    // Asked in any case, because asking begins the next stretch of time.
    const wasIdle = this.health.wasIdle(name);
    if (!wasIdle && state === 'healthy') return;
    if (state === 'off' || this.#busy.has(name)) return;
    if (registered === undefined || settings === undefined || signal === undefined) return;
    const asked = probe(registered, settings.probe, signal);
    if (asked === undefined) return;
    this.#busy.add(name);
    const startedAt = performance.now();
    let error: unknown;
    try {
      await asked;
    } catch (thrown) {
      error = thrown;
    }
    this.#busy.delete(name);
    if (signal.aborted) return;
    this.#conclude(name, performance.now() - startedAt, error);
  }

  #conclude(name: string, durationMs: number, error: unknown): void {
    const kind = error instanceof ProviderError ? error.kind : undefined;
    this.#probed.of(name, error === undefined ? 'ok' : (kind ?? 'failed')).value += 1;
    // An open breaker let nothing through, and who refuses a question has answered it.
    if (kind === 'unavailable' || kind === 'rate_limited') return;
    this.health.probed(name, durationMs, kind === 'rejected' ? undefined : error);
  }
}
