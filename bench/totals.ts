import { setTimeout as pause } from 'node:timers/promises';
import { CLIENT } from './bench-configuration.ts';
import type { Installation, LedgerRow } from './installation.ts';
import { totalCost, type Check } from './invariants.ts';

interface Budget {
  readonly scope: string;
  readonly spentNanoUsd: number | string;
  readonly reservedNanoUsd: number | string;
}

const IDLE_LIMIT_MS = 10_000;
const GAUGES = ['llm_proxy_open_reservations', 'llm_proxy_held_slots'] as const;

/**
 * I4 and I5: the gateway's own totals. Waits up to the ten seconds that it has to come to rest,
 * then reads them; the returned function compares them with the rows.
 */
export async function checkTotals(
  gateway: Installation,
): Promise<(rows: readonly LedgerRow[]) => Check[]> {
  const deadline = performance.now() + IDLE_LIMIT_MS;
  let gauges = await readGauges(gateway);
  while ([...gauges.values()].some((value) => value > 0) && performance.now() < deadline) {
    await pause(100);
    gauges = await readGauges(gateway);
  }
  const budgets = await readBudgets(gateway);
  const ledger = await gateway.runCommand(['ledger', 'check']);
  console.log(`\nledger check (exit code ${ledger.exitCode}):\n${ledger.output.trimEnd()}\n`);
  return (rows) => [
    checkSpent(budgets, rows),
    {
      name: 'I4 and I5 as `ledger check` sees them',
      checked: 1,
      violations: ledger.exitCode === 0 ? [] : [`exit code ${ledger.exitCode}`],
    },
    ...checkReserved(budgets),
    ...GAUGES.map((name) => checkGauge(name, gauges.get(name))),
  ];
}

function checkSpent(budgets: readonly Budget[], rows: readonly LedgerRow[]): Check {
  const sum = totalCost(rows.filter((row) => row.client === null || row.client === CLIENT));
  const violations =
    budgets.length === 0
      ? ['GET /api/budgets shows no budget of the client']
      : budgets
          .filter(({ spentNanoUsd }) => BigInt(spentNanoUsd) !== sum)
          .map(({ spentNanoUsd }) => `spent ${spentNanoUsd}, the rows sum up to ${sum}`);
  return { name: 'I4 the budget spent is the sum of the rows', checked: rows.length, violations };
}

function checkReserved(budgets: readonly Budget[]): Check[] {
  const violations = budgets
    .filter(({ reservedNanoUsd }) => BigInt(reservedNanoUsd) !== 0n)
    .map(({ reservedNanoUsd }) => `${reservedNanoUsd} nano-USD are still reserved`);
  return [{ name: 'I5 no money is left reserved', checked: budgets.length, violations }];
}

function checkGauge(name: string, value: number | undefined): Check {
  const violations =
    value === 0 ? [] : [value === undefined ? '/metrics has no such gauge' : `${value}`];
  return { name: `I5 ${name} is 0`, checked: 1, violations };
}

async function readBudgets(gateway: Installation): Promise<Budget[]> {
  const response = await gateway.get('/api/budgets');
  if (!response.ok) return [];
  const { items } = (await response.json()) as { items: Budget[] };
  return items.filter(({ scope }) => scope === 'client');
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
