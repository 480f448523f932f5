import { Module } from '@nestjs/common';
import { CatalogModule } from '../../catalog/catalog.module.js';
import { ProvisioningModule } from '../../provisioning/provisioning.module.js';
import { UsageModule } from '../../usage/usage.module.js';
import { ModelsController } from './models.controller.js';
import { ModelsDesk } from './models-desk.js';
import { RoutesController } from './routes.controller.js';
import { RoutesDesk } from './routes-desk.js';

@Module({
  imports: [CatalogModule, ProvisioningModule, UsageModule],
  controllers: [ModelsController, RoutesController],
  providers: [ModelsDesk, RoutesDesk],
})
export class ModelsApiModule {}
