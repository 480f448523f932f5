import { Module } from '@nestjs/common';
import { WebController } from './web.controller.js';
import { WebFiles } from './web-files.js';
import { WebPage } from './web-page.js';

@Module({
  controllers: [WebController],
  providers: [{ provide: WebFiles, useFactory: () => new WebFiles() }, WebPage],
})
export class WebModule {}
