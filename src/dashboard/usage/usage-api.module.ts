import { Module } from '@nestjs/common';
import { UsageModule } from '../../usage/usage.module.js';
import { UsageExportController } from './usage-export.controller.js';

@Module({ imports: [UsageModule], controllers: [UsageExportController] })
export class UsageApiModule {}
