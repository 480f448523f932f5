import { ApiProperty } from '@nestjs/swagger';
import type { AuditEntry } from '../../audit/audit-entry.entity.js';

const STATE = { type: 'object', additionalProperties: true, nullable: true } as const;

/** Who changed something. */
export class AuditActorView {
  kind!: string;
  /** User id or key id; empty for a command and the process itself. */
  id!: string;
  /** E-mail address, client name, name of the operating system's user, or `system`. */
  name!: string;
}

/** What was changed. */
export class AuditSubjectView {
  type!: string;
  id!: string;
  /** Its name at that moment. */
  name!: string;
}

/** One change. */
export class AuditEntryView {
  id!: string;
  /** ISO 8601. */
  createdAt!: string;
  actor!: AuditActorView;
  /** What was done, such as `client.update`. */
  action!: string;
  subject!: AuditSubjectView;
  /** As the API showed it; null when there was none. */
  @ApiProperty(STATE)
  before!: Record<string, unknown> | null;
  @ApiProperty(STATE)
  after!: Record<string, unknown> | null;
  /** Null for what no request did. */
  requestId!: string | null;
  /** Network address that the request came from. */
  address!: string | null;
}

/** Changes, newest first. */
export class AuditPage {
  items!: AuditEntryView[];
  /** Null on the last page. */
  nextCursor!: string | null;
}

export function auditEntryView(entry: AuditEntry): AuditEntryView {
  return {
    id: entry.id,
    createdAt: new Date(entry.createdAt).toISOString(),
    actor: { kind: entry.actorKind, id: entry.actorId, name: entry.actorName },
    action: entry.action,
    subject: { type: entry.subjectType, id: entry.subjectId, name: entry.subjectName },
    before: stateOf(entry.before),
    after: stateOf(entry.after),
    requestId: entry.requestId,
    address: entry.address,
  };
}

function stateOf(text: string | null): Record<string, unknown> | null {
  return text === null ? null : (JSON.parse(text) as Record<string, unknown>);
}
