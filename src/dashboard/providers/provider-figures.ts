import { Injectable } from '@nestjs/common';
import { Catalog } from '../../catalog/catalog.service.js';
import type { ProviderConfig } from '../../config/provider-config.js';
import { LimitRules } from '../../limits/rules/limit-rules.js';
import { ProviderRegistry } from '../../providers/provider-registry.js';
import { Upstream } from '../../providers/upstream/upstream.js';
import { BaseUrlCheck } from '../../provisioning/base-url-check.js';
import { ProviderHealth } from '../../routing/health/provider-health.service.js';
import { limitsView } from './provider-parts.js';
import type { ProviderView } from './provider.view.js';

/** What the parts of the proxy know of an instance by its name. */
@Injectable()
export class ProviderFigures {
  constructor(
    private readonly registry: ProviderRegistry,
    private readonly upstream: Upstream,
    private readonly health: ProviderHealth,
    private readonly rules: LimitRules,
    private readonly catalog: Catalog,
    private readonly baseUrls: BaseUrlCheck,
  ) {}

  of(name: string): Pick<ProviderView, 'models' | 'breaker' | 'health' | 'mode' | 'limits'> {
    const instance = this.registry.find(name)?.instance;
    return {
      models: this.catalog.countModels(name),
      breaker: instance === undefined ? 'closed' : this.upstream.breakerState(instance),
      health: instance === undefined ? 'off' : this.health.of(name).state,
      mode: this.health.modeOf(name),
      limits: limitsView(this.rules.limitsOf('provider', name)),
    };
  }

  baseUrlOf({ type, baseUrl, settings }: ProviderConfig): string | null {
    return this.baseUrls.baseUrlOf({ type, baseUrl, preset: settings['preset'] }) ?? null;
  }
}
