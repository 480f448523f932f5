import { Global, Module } from '@nestjs/common';
import { AuditLog } from './audit-log.js';

/** For every feature that changes something on somebody's behalf. */
@Global()
@Module({ providers: [AuditLog], exports: [AuditLog] })
export class AuditModule {}
