import type { AuditEntry } from '../../audit/audit-entry.entity.js';
import { csvLine } from '../../usage/csv-line.js';

const COLUMNS = [
  'id',
  'created_at',
  'actor_kind',
  'actor_id',
  'actor_name',
  'action',
  'subject_type',
  'subject_id',
  'subject_name',
  'before',
  'after',
  'request_id',
  'address',
];

/** The text of an export, line by line. */
export async function* auditCsv(entries: AsyncIterable<AuditEntry>): AsyncGenerator<string> {
  yield csvLine(COLUMNS);
  for await (const entry of entries) {
    yield csvLine([
      entry.id,
      new Date(entry.createdAt).toISOString(),
      entry.actorKind,
      entry.actorId,
      entry.actorName,
      entry.action,
      entry.subjectType,
      entry.subjectId,
      entry.subjectName,
      entry.before,
      entry.after,
      entry.requestId,
      entry.address,
    ]);
  }
}
