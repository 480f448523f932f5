import { Module } from '@nestjs/common';
import { SessionsModule } from '../sessions/sessions.module.js';
import { GivenAdmin } from './given-admin.js';
import { SetupService } from './setup.service.js';

/** The first administrator. For the server only: it makes one when it starts. */
@Module({
  imports: [SessionsModule],
  providers: [SetupService, GivenAdmin],
  exports: [SetupService],
})
export class SetupModule {}
