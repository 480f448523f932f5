import { Module } from '@nestjs/common';
import { ClientsModule } from '../../clients/clients.module.js';
import { RulesModule } from '../../limits/rules/rules.module.js';
import { ClientKeysController } from './client-keys.controller.js';
import { ClientsController } from './clients.controller.js';
import { ClientsDesk } from './clients-desk.js';

@Module({
  imports: [ClientsModule, RulesModule],
  controllers: [ClientsController, ClientKeysController],
  providers: [ClientsDesk],
})
export class ClientsApiModule {}
