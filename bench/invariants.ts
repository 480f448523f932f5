import { PRICE } from './bench-configuration.ts';
import type { ClientCall } from './crash-client.ts';
import type { ServedCall } from './fake-upstream.ts';
import type { LedgerRow } from './installation.ts';
import type { ServedTokens } from './tokens.ts';

const CLOSED = new Set(['ok', 'error', 'client_aborted', 'interrupted', 'rejected']);

/** One promise, how often it was looked at, and where it was broken. */
export interface Check {
  readonly name: string;
  readonly checked: number;
  readonly violations: readonly string[];
  /** Why it could not be looked at; it then neither passed nor failed. */
  readonly absent?: string;
}

/** What three witnesses of the same run say. */
export interface Evidence {
  readonly calls: readonly ClientCall[];
  readonly served: readonly ServedCall[];
  readonly rows: readonly LedgerRow[];
}

/** I1 to I3 of the ledger, from what clients saw and what the upstream served. */
export function checkRows(evidence: Evidence): Check[] {
  const rowsById = Map.groupBy(evidence.rows, (row) => row.request_id);
  const servedById = Map.groupBy(evidence.served, (call) => call.id);
  return [
    checkComplete(evidence.calls, servedById, rowsById),
    checkUnique(evidence.calls, rowsById),
    checkServed(evidence.served, rowsById),
    checkOnce(servedById),
    checkTruthful(evidence.rows, servedById),
    checkClosed(evidence.rows),
    checkLeft(evidence.calls, rowsById),
  ];
}

/** Whole nano-USD; the bench's prices leave no fraction. */
export function costOf(tokens: ServedTokens): bigint {
  const uncached = BigInt(tokens.prompt - tokens.cached) * BigInt(PRICE.input);
  const cached = BigInt(tokens.cached) * BigInt(PRICE.cachedInput);
  return uncached + cached + BigInt(tokens.completion) * BigInt(PRICE.output);
}

/** Of all rows that have a cost. */
export function totalCost(rows: readonly LedgerRow[]): bigint {
  return rows.reduce((sum, row) => sum + BigInt(row.cost_nano_usd ?? 0), 0n);
}

function checkComplete(
  calls: readonly ClientCall[],
  servedById: ReadonlyMap<string, ServedCall[]>,
  rowsById: ReadonlyMap<string, LedgerRow[]>,
): Check {
  const complete = calls.filter((call) => call.outcome === 'complete');
  const violations = complete.flatMap((call) => {
    const rows = rowsById.get(call.id) ?? [];
    const served = servedById.get(call.id)?.at(-1);
    if (served === undefined) return [`${call.id}: answered without the upstream`];
    if (rows.length !== 1) return [`${call.id}: ${rows.length} rows`];
    return [...compareTokens(call, served.tokens), ...compareRow(rows[0]!, served.tokens)];
  });
  return {
    name: 'I1 a complete answer has one settled row, tokens and cost exact',
    checked: complete.length,
    violations,
  };
}

function compareTokens(call: ClientCall, served: ServedTokens): string[] {
  const seen = JSON.stringify(call.tokens);
  const expected = JSON.stringify(served);
  return seen === expected ? [] : [`${call.id}: the client saw ${seen}, served was ${expected}`];
}

function compareRow(row: LedgerRow, served: ServedTokens): string[] {
  const expected: ReadonlyArray<readonly [keyof LedgerRow, unknown]> = [
    ['status', 'ok'],
    ['estimated', false],
    ['input_tokens', served.prompt],
    ['cached_input_tokens', served.cached],
    ['output_tokens', served.completion],
    ['reasoning_tokens', served.reasoning],
    ['cost_nano_usd', costOf(served).toString()],
  ];
  return expected
    .filter(([column, value]) => String(row[column]) !== String(value))
    .map(
      ([column, value]) =>
        `${row.request_id}: ${column} ${String(row[column])}, expected ${String(value)}`,
    );
}

function checkUnique(
  calls: readonly ClientCall[],
  rowsById: ReadonlyMap<string, LedgerRow[]>,
): Check {
  const asked = new Set(calls.map((call) => call.id));
  const violations = [...rowsById].flatMap(([id, rows]) => {
    if (rows.length > 1) return [`${id}: ${rows.length} rows`];
    return asked.has(id) ? [] : [`${id}: a row that no client asked for`];
  });
  return { name: 'I2 one row per request id, none invented', checked: rowsById.size, violations };
}

function checkServed(
  served: readonly ServedCall[],
  rowsById: ReadonlyMap<string, LedgerRow[]>,
): Check {
  const violations = served
    .filter((call) => !rowsById.has(call.id))
    .map((call) => `${call.id}: served${call.complete ? '' : ' in part'}, but has no row`);
  return { name: 'I3 every upstream call has a row', checked: served.length, violations };
}

function checkOnce(servedById: ReadonlyMap<string, ServedCall[]>): Check {
  const violations = [...servedById]
    .filter(([, calls]) => calls.length > 1)
    .map(([id, calls]) => `${id}: called upstream ${calls.length} times`);
  return { name: 'I3 no request goes upstream twice', checked: servedById.size, violations };
}

function checkTruthful(
  rows: readonly LedgerRow[],
  servedById: ReadonlyMap<string, ServedCall[]>,
): Check {
  const settled = rows.filter((row) => row.status === 'ok');
  const violations = settled
    .filter((row) => !servedById.get(row.request_id)?.some((call) => call.complete))
    .map((row) => `${row.request_id}: ok, but the upstream never finished it`);
  return {
    name: 'I3 a row says ok only when the upstream finished',
    checked: settled.length,
    violations,
  };
}

function checkClosed(rows: readonly LedgerRow[]): Check {
  const open = rows.filter((row) => !CLOSED.has(row.status));
  const violations = open.map((row) => `${row.request_id}: ${row.status}`);
  return { name: 'I5 every row is closed', checked: rows.length, violations };
}

/** The opening chunk carries no text, so a client that saw three events was given something to bill. */
function checkLeft(
  calls: readonly ClientCall[],
  rowsById: ReadonlyMap<string, LedgerRow[]>,
): Check {
  const left = calls.filter((call) => call.outcome === 'left' && call.events >= 3);
  const violations = left.flatMap((call) => {
    const rows = rowsById.get(call.id) ?? [];
    if (rows.length !== 1) return [`${call.id}: left mid-stream, ${rows.length} rows`];
    const row = rows[0]!;
    if (!['client_aborted', 'interrupted', 'ok'].includes(row.status)) {
      return [`${call.id}: left mid-stream, status ${row.status}`];
    }
    const free = row.status !== 'interrupted' && BigInt(row.cost_nano_usd ?? 0) === 0n;
    return free ? [`${call.id}: left mid-stream and costs nothing`] : [];
  });
  return {
    name: 'I1 a stream its client left has one row and is not free',
    checked: left.length,
    violations,
  };
}
