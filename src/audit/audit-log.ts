import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { v7 as uuidV7 } from 'uuid';
import { currentAct } from './acting.js';
import { SYSTEM } from './actor.js';
import { AuditEntry } from './audit-entry.entity.js';

export interface Change {
  /** `<subject type>.<verb>`, such as `client.update`. */
  readonly action: string;
  readonly subject: { readonly type: string; readonly id: string; readonly name: string };
  /** As the API shows it, never with a secret; null or absent when there was nothing. */
  readonly before?: object | null | undefined;
  readonly after?: object | null | undefined;
}

/** Writes down who changed what, in the transaction of the change: neither is there without the other. */
@Injectable()
export class AuditLog {
  async record(manager: EntityManager, change: Change): Promise<void> {
    const act = currentAct();
    const actor = act?.actor ?? SYSTEM;
    await manager.insert(AuditEntry, {
      id: `audit_${uuidV7().replaceAll('-', '')}`,
      createdAt: Date.now(),
      actorKind: actor.kind,
      actorId: actor.id,
      actorName: actor.name,
      action: change.action,
      subjectType: change.subject.type,
      subjectId: change.subject.id,
      subjectName: change.subject.name,
      before: textOf(change.before),
      after: textOf(change.after),
      requestId: act?.requestId ?? null,
      address: act?.address ?? null,
    });
    if (act !== undefined) act.recorded += 1;
  }
}

function textOf(state: object | null | undefined): string | null {
  return state === null || state === undefined ? null : JSON.stringify(state);
}
