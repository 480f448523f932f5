import { Injectable } from '@nestjs/common';
import { AuditLog } from '../../audit/audit-log.js';
import { ApiError } from '../../common/errors/api-error.js';
import { GroupCommitWriter } from '../../database/group-commit-writer.js';
import type { ProviderInstance } from '../../providers/contract/provider-instance.js';
import { ProviderRegistry } from '../../providers/provider-registry.js';
import { Upstream } from '../../providers/upstream/upstream.js';
import type { BreakerBody } from './breaker.dto.js';
import type { BreakerView } from './breaker.view.js';

/** The breakers of provider instances, as people see and move them. */
@Injectable()
export class BreakerDesk {
  constructor(
    private readonly registry: ProviderRegistry,
    private readonly upstream: Upstream,
    private readonly writer: GroupCommitWriter,
    private readonly audit: AuditLog,
  ) {}

  /** Throws `not_found`. */
  show(name: string): BreakerView {
    const instance = this.#get(name);
    const { state, models } = this.upstream.breakers(instance);
    return { provider: name, state, enabled: instance.breaker.enabled, models: [...models] };
  }

  /** Written down first: a breaker that nobody is known to have moved must not be moved. */
  async move(name: string, { action, forMs }: BreakerBody): Promise<BreakerView> {
    const instance = this.#get(name);
    const { state } = this.show(name);
    await this.writer.transaction((manager) =>
      this.audit.record(manager, {
        action: `breaker.${action}`,
        subject: { type: 'provider', id: name, name },
        before: { state },
        after: { action, ...(forMs === undefined ? {} : { forMs }) },
      }),
    );
    if (action === 'reset') this.upstream.resetBreaker(instance);
    else this.upstream.openBreaker(instance, forMs);
    return this.show(name);
  }

  #get(name: string): ProviderInstance {
    const found = this.registry.find(name);
    if (found !== undefined) return found.instance;
    throw new ApiError('not_found', `There is no provider '${name}'.`, { param: 'name' });
  }
}
