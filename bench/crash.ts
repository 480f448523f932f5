/**
 * Kills the gateway again and again under load, then asks what the clients saw, what the upstream
 * served and what the ledger says, and compares the three.
 *
 *   node bench/crash.ts [--short] [--kills 100] [--requests 100000] [--seconds 2] [--seed 1]
 *     [--concurrency 32] [--keep]
 *
 * `--seconds` is the mean time between two kills. Prints each invariant with its count and ends
 * with `N passed, N failed`; exit code 0 only when none failed. `--keep`, or a failure, leaves the
 * data folder behind for a look.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { benchConfiguration } from './bench-configuration.ts';
import { startChildServer, type ChildServer } from './child-server.ts';
import { CrashClients } from './crash-client.ts';
import type { ServedCall } from './fake-upstream.ts';
import { Installation } from './installation.ts';
import { checkRows, type Check } from './invariants.ts';
import { percentilesOf } from './load-meter.ts';
import { Random } from './random.ts';
import { checkTotals } from './totals.ts';

const { values } = parseArgs({
  options: {
    short: { type: 'boolean', default: false },
    kills: { type: 'string' },
    requests: { type: 'string' },
    seconds: { type: 'string' },
    seed: { type: 'string' },
    concurrency: { type: 'string', default: '32' },
    keep: { type: 'boolean', default: false },
  },
});

const plan = {
  kills: Number(values.kills ?? (values.short ? 5 : 100)),
  requests: Number(values.requests ?? (values.short ? 2000 : 100_000)),
  meanMs: Number(values.seconds ?? (values.short ? 1 : 2)) * 1000,
  seed: Number(values.seed ?? Date.now() % 1_000_000),
  concurrency: Number(values.concurrency),
};
if (Object.values(plan).some((value) => !Number.isFinite(value) || value < 0)) {
  throw new Error('--kills, --requests, --seconds, --seed and --concurrency take numbers.');
}

/** One kill in six hits the gateway while it is still coming up, where it repairs what it finds. */
const KILL_DURING_START = 1 / 6;

interface Kills {
  /** Milliseconds to ready, one per start that was let finish. */
  readonly readyTimes: number[];
  /** Kills that found the gateway already gone. */
  readonly alreadyGone: number;
}

async function killAgainAndAgain(
  gateway: Installation,
  clients: CrashClients,
  random: Random,
): Promise<Kills> {
  const readyTimes: number[] = [];
  let alreadyGone = 0;
  let kills = 0;
  const kill = async (): Promise<void> => {
    kills += 1;
    if (!(await gateway.kill())) alreadyGone += 1;
  };
  while (kills < plan.kills) {
    await pause(random.between(20, plan.meanMs * 2 - 20));
    clients.hold();
    await kill();
    while (kills < plan.kills && random.chance(KILL_DURING_START)) {
      gateway.launch();
      await pause(random.between(100, 1500));
      await kill();
    }
    readyTimes.push(await gateway.start());
    clients.letGo();
    if (kills % 10 === 0) console.log(`  ${kills} kills, ${clients.calls.length} requests`);
  }
  return { readyTimes, alreadyGone };
}

/** Ends with a kill at the moment of the last answer: what was promised must be there already. */
async function runLoad(gateway: Installation, random: Random): Promise<[CrashClients, Check]> {
  const clients = new CrashClients(gateway.url, random);
  console.log(`first start: ready in ${Math.round(await gateway.start())} ms`);
  clients.letGo();
  const running = clients.run(plan.concurrency);
  const { readyTimes, alreadyGone } = await killAgainAndAgain(gateway, clients, random);
  while (clients.calls.length < plan.requests) await pause(100);
  clients.stop();
  await running;
  await gateway.kill();
  readyTimes.push(await gateway.start());
  const { p50, max } = percentilesOf(readyTimes);
  console.log(`restarts: ready in ${Math.round(p50)} ms (median), ${Math.round(max)} ms (longest)`);
  const violations = alreadyGone === 0 ? [] : [`${alreadyGone} times it had ended before the kill`];
  return [clients, { name: 'the gateway ends only when killed', checked: plan.kills, violations }];
}

async function collectChecks(
  gateway: Installation,
  clients: CrashClients,
  upstream: ChildServer,
): Promise<Check[]> {
  const totals = await checkTotals(gateway);
  const record = await fetch(`${upstream.url}/record`);
  const served = (await record.json()) as ServedCall[];
  const rows = await gateway.exportRows();
  const outcomes = Object.groupBy(clients.calls, ({ outcome }) => outcome);
  const statuses = Object.groupBy(rows, ({ status }) => status);
  console.log(`clients: ${clients.calls.length} requests, ${describe(outcomes)}`);
  console.log(
    `upstream: ${served.length} calls, ${served.filter((call) => call.complete).length} complete`,
  );
  console.log(`ledger: ${rows.length} rows, ${describe(statuses)}\n`);
  return [...checkRows({ calls: clients.calls, served, rows }), ...totals(rows)];
}

function describe(groups: Partial<Record<string, unknown[]>>): string {
  return Object.entries(groups)
    .map(([name, members]) => `${members?.length ?? 0} ${name}`)
    .join(', ');
}

/** Returns how many failed. */
function printChecks(checks: readonly Check[]): number {
  for (const check of checks) {
    console.log(`${verdictOf(check).padEnd(8)} ${check.name} (${check.checked} checked)`);
    for (const violation of check.violations.slice(0, 5)) console.log(`         ${violation}`);
  }
  const judged = checks.filter(({ absent }) => absent === undefined);
  const failed = judged.filter(({ violations }) => violations.length > 0).length;
  console.log(`\n${judged.length - failed} passed, ${failed} failed`);
  return failed;
}

function verdictOf({ absent, violations }: Check): string {
  if (absent !== undefined) return `absent (${absent})`;
  return violations.length === 0 ? 'passed' : `FAILED ${violations.length}`;
}

console.log(`crash loop: ${plan.kills} kills, ${plan.requests} requests, seed ${plan.seed}`);
const upstream = await startChildServer('fake-upstream.ts');
const gateway = await Installation.create(benchConfiguration(upstream.url));
let failed = 1;
try {
  const [clients, survival] = await runLoad(gateway, new Random(plan.seed));
  failed = printChecks([survival, ...(await collectChecks(gateway, clients, upstream))]);
} finally {
  await gateway.kill();
  await upstream.stop();
  if (failed === 0 && !values.keep) await gateway.remove();
  else console.log(`The data folder is left in ${gateway.folder}`);
}
process.exit(failed === 0 ? 0 : 1);
