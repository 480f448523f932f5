import { Module } from '@nestjs/common';
import { Figures } from './figures.js';

@Module({ providers: [Figures], exports: [Figures] })
export class FiguresModule {}
