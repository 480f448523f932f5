import { Module } from '@nestjs/common';
import { OperationsModule } from '../../operations/operations.module.js';
import { BackupsController } from './backups.controller.js';
import { SystemController } from './system.controller.js';

@Module({ imports: [OperationsModule], controllers: [SystemController, BackupsController] })
export class SystemApiModule {}
