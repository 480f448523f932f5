import { Body, Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { RoleAccess } from '../../auth/access.decorators.js';
import { ApiError } from '../../common/errors/api-error.js';
import type { ProviderInstance } from '../../providers/contract/provider-instance.js';
import { ProviderRegistry } from '../../providers/provider-registry.js';
import { Upstream } from '../../providers/upstream/upstream.js';
import { BreakerBody } from './breaker.dto.js';
import type { BreakerView } from './breaker.view.js';

/** The breaker of a provider instance, to look at and to move by hand. */
@Controller('api/providers/:name/breaker')
export class BreakerController {
  constructor(
    private readonly registry: ProviderRegistry,
    private readonly upstream: Upstream,
  ) {}

  @Get()
  @RoleAccess('viewer')
  show(@Param('name') name: string): BreakerView {
    const instance = this.#get(name);
    const { state, models } = this.upstream.breakers(instance);
    return { provider: name, state, enabled: instance.breaker.enabled, models: [...models] };
  }

  @Post()
  @RoleAccess('operator')
  @HttpCode(200)
  move(@Param('name') name: string, @Body() { action, forMs }: BreakerBody): BreakerView {
    const instance = this.#get(name);
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
