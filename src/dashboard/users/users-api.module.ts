import { Module } from '@nestjs/common';
import { SessionsModule } from '../../auth/sessions/sessions.module.js';
import { UserSessionsController } from './user-sessions.controller.js';
import { UsersController } from './users.controller.js';

@Module({ imports: [SessionsModule], controllers: [UsersController, UserSessionsController] })
export class UsersApiModule {}
