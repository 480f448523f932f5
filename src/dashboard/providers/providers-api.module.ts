import { Module } from '@nestjs/common';
import { ProvidersModule } from '../../providers/providers.module.js';
import { BreakerController } from './breaker.controller.js';

@Module({ imports: [ProvidersModule], controllers: [BreakerController] })
export class ProvidersApiModule {}
