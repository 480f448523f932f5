import { Module } from '@nestjs/common';
import { AuditList } from '../../audit/audit-list.js';
import { AuditController } from './audit.controller.js';

@Module({ controllers: [AuditController], providers: [AuditList] })
export class AuditApiModule {}
