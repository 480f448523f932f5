import { Module } from '@nestjs/common';
import { OpenapiController } from './openapi.controller.js';
import { OpenapiDocument } from './openapi-document.js';

@Module({ controllers: [OpenapiController], providers: [OpenapiDocument] })
export class OpenapiModule {}
