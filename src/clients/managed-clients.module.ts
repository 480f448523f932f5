import { Module } from '@nestjs/common';
import { ClientsModule } from './clients.module.js';
import { ManagedClients } from './managed-clients.service.js';

/**
 * For the server only. A command that runs elsewhere may not see the configuration file, and would
 * take its absence for the wish to retire all its clients.
 */
@Module({ imports: [ClientsModule], providers: [ManagedClients], exports: [ManagedClients] })
export class ManagedClientsModule {}
