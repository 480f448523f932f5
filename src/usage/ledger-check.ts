import { Inject, Injectable } from '@nestjs/common';
import { getDataSourceToken } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { ANALYTICS } from '../database/data-source-options.js';
import { findOpenReservations } from './find-open-reservations.js';
import { findLatencyDifferences } from './latency/rebuild-latencies.js';
import { findRollupDifferences } from './rollups/rollup-differences.js';
import { completeFrom } from './retention/retention-horizons.js';

/** One invariant of the ledger and whether it holds. */
export interface CheckedInvariant {
  readonly name: string;
  readonly says: string;
  readonly violations: number;
  /** What was looked at. */
  readonly checked: number;
}

/** Ten seconds after the last request nothing may be open; younger reservations may be in flight. */
const SETTLED_AFTER_MS = 10_000;

type Row = Record<string, unknown>;

/** Holds the books against themselves. Reads only, so it runs beside a working proxy. */
@Injectable()
export class LedgerCheck {
  constructor(@Inject(getDataSourceToken(ANALYTICS)) private readonly reader: DataSource) {}

  async run(now = Date.now()): Promise<CheckedInvariant[]> {
    // Queries run one after the other: a proxy at work must not wait for a check.
    return [
      await this.#oneClosingEntry(),
      await this.#everyClosingWasReserved(),
      await this.#rollupsAreSums(),
      await this.#latenciesAreCounts(),
      await this.#budgetsAreSums(),
      await this.#nothingStaysOpen(now),
      await this.#noGrantStays(now),
    ];
  }

  async #oneClosingEntry(): Promise<CheckedInvariant> {
    const [row] = await this.#query(`
      SELECT COUNT(*) AS checked, COALESCE(SUM(CASE WHEN closings > 1 THEN 1 ELSE 0 END), 0) AS violations
      FROM (SELECT request_id, COUNT(*) AS closings FROM usage_entries
            WHERE kind IN ('settled', 'interrupted') GROUP BY request_id) requests`);
    return invariant('I2', 'every request has one closing entry', row);
  }

  async #everyClosingWasReserved(): Promise<CheckedInvariant> {
    const [row] = await this.#query(`
      SELECT COUNT(*) AS checked, COALESCE(SUM(CASE WHEN reserved.request_id IS NULL THEN 1 ELSE 0 END), 0) AS violations
      FROM usage_entries closing
      LEFT JOIN usage_entries reserved
        ON reserved.request_id = closing.request_id AND reserved.sequence = 0
      WHERE closing.sequence = 1`);
    return invariant('I3', 'every closing entry was reserved before', row);
  }

  async #rollupsAreSums(): Promise<CheckedInvariant> {
    const differences = await findRollupDifferences(this.reader);
    return { name: 'I4', says: 'roll-ups are the sums of their entries', ...differences };
  }

  async #latenciesAreCounts(): Promise<CheckedInvariant> {
    const differences = await findLatencyDifferences(this.reader);
    return { name: 'I4', says: 'latencies are counted as their entries have them', ...differences };
  }

  /** Of periods whose entries are all still there. */
  async #budgetsAreSums(): Promise<CheckedInvariant> {
    const [row] = await this.#query(`
      SELECT COUNT(*) AS checked, COALESCE(SUM(CASE WHEN counter.spent_nano_usd = (
          SELECT COALESCE(SUM(entry.cost_nano_usd), 0) FROM usage_entries entry
          WHERE entry.kind <> 'reserved'
            AND entry.created_at >= counter.period_start AND entry.created_at < counter.period_end
            AND counter.subject IN ('key:' || entry.api_key_id, 'client:' || entry.client_id,
              'provider:' || entry.provider, 'global:')
        ) THEN 0 ELSE 1 END), 0) AS violations
      FROM budget_counters_now counter
      WHERE counter.period_start >= ${completeFrom('entries')}`);
    return invariant('I4', 'budgets have spent what their entries cost', row);
  }

  async #noGrantStays(now: number): Promise<CheckedInvariant> {
    const [row] = await this.#query(`
      SELECT COUNT(*) AS checked, COALESCE(SUM(CASE WHEN process.id IS NULL
          OR process.heartbeat_at < ${now - SETTLED_AFTER_MS} THEN 1 ELSE 0 END), 0) AS violations
      FROM budget_grants granted
      LEFT JOIN processes process ON process.id = granted.process_id
      WHERE granted.granted_nano_usd > 0`);
    return invariant('I5', 'no process that is gone holds money', row);
  }

  async #nothingStaysOpen(now: number): Promise<CheckedInvariant> {
    const open = await findOpenReservations(this.reader, { since: 0 });
    const stuck = open.filter((entry) => entry.createdAt < now - SETTLED_AFTER_MS);
    return {
      name: 'I5',
      says: 'no reservation is open for more than ten seconds',
      violations: stuck.length,
      checked: open.length,
    };
  }

  #query(sql: string): Promise<Row[]> {
    return this.reader.query<Row[]>(sql);
  }
}

function invariant(name: string, says: string, row: Row | undefined): CheckedInvariant {
  return {
    name,
    says,
    violations: Number(row?.['violations'] ?? 0),
    checked: Number(row?.['checked'] ?? 0),
  };
}
