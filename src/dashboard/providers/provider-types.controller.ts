import { Controller, Get } from '@nestjs/common';
import { RoleAccess } from '../../auth/access.decorators.js';
import { ProviderRegistry } from '../../providers/provider-registry.js';
import type { ProviderTypeList } from './provider-type.view.js';
import { providerTypeView } from './provider-types.js';

/** What the set-up of a provider can choose from. */
@Controller('api/provider-types')
export class ProviderTypesController {
  constructor(private readonly registry: ProviderRegistry) {}

  @Get()
  @RoleAccess('viewer')
  list(): ProviderTypeList {
    return { items: this.registry.types().map(providerTypeView) };
  }
}
