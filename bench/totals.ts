import { setTimeout as pause } from 'node:timers/promises';
import type { Installation, LedgerRow } from './installation.ts';
import { totalCost, type Check } from './invariants.ts';

interface Budget {
  readonly spentNanoUsd: number | string;
  readonly reservedNanoUsd: number | string;
}

/** Time the gateway has to come to rest after its last request. */
const REST_MS = 10_000;
const GAUGES = ['llm_proxy_open_reservations', 'llm_proxy_held_slots'] as const;

/**
 * I4 and I5: the gateway's own totals, read after the rest that it is allowed. The returned function
 * compares them with the rows. What an installation does not offer is reported as absent.
 */
export async function checkTotals(
  gateway: Installation,
): Promise<(rows: readonly LedgerRow[]) => Check[]> {
  await pause(REST_MS);
  const gauges = await readGauges(gateway);
  const budgets = await readBudgets(gateway);
  const ledger = await gateway.runCommand(['ledger', 'check']);
  console.log(`\nledger check (exit code ${ledger.exitCode}):\n${ledger.output.trimEnd()}\n`);
  return (rows) => [
    {
      name: 'I2 to I5 as `ledger check` sees them',
      checked: 1,
      violations: ledger.exitCode === 0 ? [] : [`exit code ${ledger.exitCode}`],
    },
    checkSpent(budgets, rows),
    checkReserved(budgets),
    ...GAUGES.map((name) => checkGauge(name, gauges.get(name))),
  ];
}

function checkSpent(budgets: readonly Budget[], rows: readonly LedgerRow[]): Check {
  const sum = totalCost(rows);
  const violations = budgets
    .filter(({ spentNanoUsd }) => BigInt(spentNanoUsd) !== sum)
    .map(({ spentNanoUsd }) => `spent ${spentNanoUsd}, the rows sum up to ${sum}`);
  const name = 'I4 the budget spent is the sum of the rows';
  return { name, checked: rows.length, violations, ...absentWithout(budgets) };
}

function checkReserved(budgets: readonly Budget[]): Check {
  const violations = budgets
    .filter(({ reservedNanoUsd }) => BigInt(reservedNanoUsd) !== 0n)
    .map(({ reservedNanoUsd }) => `${reservedNanoUsd} nano-USD are still reserved`);
  const name = 'I5 no money is left reserved';
  return { name, checked: budgets.length, violations, ...absentWithout(budgets) };
}

function absentWithout(budgets: readonly Budget[]): Pick<Check, 'absent'> {
  return budgets.length === 0 ? { absent: 'no budget configured' } : {};
}

function checkGauge(name: string, value: number | undefined): Check {
  const title = `I5 ${name} is 0`;
  if (value === undefined)
    return { name: title, checked: 0, violations: [], absent: 'no such gauge' };
  return { name: title, checked: 1, violations: value === 0 ? [] : [String(value)] };
}

/** None when the installation has no such route. All have one client, so all have spent the same. */
async function readBudgets(gateway: Installation): Promise<Budget[]> {
  const response = await gateway.get('/api/budgets');
  if (response.status === 404) return [];
  if (!response.ok) throw new Error(`GET /api/budgets answered ${response.status}.`);
  const { items } = (await response.json()) as { items: Budget[] };
  return items;
}

/** Sums over labels; a gauge that is not there has no entry. */
async function readGauges(gateway: Installation): Promise<Map<string, number>> {
  const response = await gateway.get('/metrics');
  const text = response.ok ? await response.text() : '';
  const sums = new Map<string, number>();
  for (const line of text.split('\n')) {
    const match = /^(\w+)(?:\{[^}]*\})? (\S+)/.exec(line);
    if (match !== null) sums.set(match[1]!, (sums.get(match[1]!) ?? 0) + Number(match[2]));
  }
  return sums;
}
