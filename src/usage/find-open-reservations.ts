import type { DataSource } from 'typeorm';
import { readUsageEntry } from './read-usage-entry.js';
import type { UsageEntry } from './usage-entry.js';

export interface OpenReservationsQuery {
  readonly processId?: string;
  /** Milliseconds since the epoch; bounds the scan by the index on the admission time. */
  readonly since: number;
}

/** Reservations without a closing entry. */
export async function findOpenReservations(
  reader: DataSource,
  { processId, since }: OpenReservationsQuery,
): Promise<UsageEntry[]> {
  const query = reader
    .createQueryBuilder()
    .select('entry.*')
    .from('usage_entries', 'entry')
    .where('entry.created_at >= :since', { since })
    .andWhere('entry.sequence = 0')
    .andWhere(
      'NOT EXISTS (SELECT 1 FROM usage_entries closing WHERE closing.request_id = entry.request_id AND closing.sequence = 1)',
    );
  if (processId !== undefined) query.andWhere('entry.process_id = :processId', { processId });
  const rows: Record<string, unknown>[] = await query.getRawMany();
  return rows.map(readUsageEntry);
}
