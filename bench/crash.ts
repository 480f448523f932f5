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

/** Milliseconds to ready, one per start that was let finish. */
async function killAgainAndAgain(
  gateway: Installation,
  clients: CrashClients,
  random: Random,
): Promise<number[]> {
  const readyTimes: number[] = [];
  let kills = 0;
  while (kills < plan.kills) {
    await pause(random.between(20, plan.meanMs * 2 - 20));
    clients.hold();
    await gateway.kill();
    kills += 1;
    while (kills < plan.kills && random.chance(KILL_DURING_START)) {
      gateway.launch();
      await pause(random.between(100, 1500));
      await gateway.kill();
      kills += 1;
    }
    readyTimes.push(await gateway.start());
    clients.letGo();
    if (kills % 10 === 0) console.log(`  ${kills} kills, ${clients.calls.length} requests`);
  }
  return readyTimes;
}

/** Ends with a kill at the moment of the last answer: what was promised must be there already. */
async function runLoad(gateway: Installation, random: Random): Promise<CrashClients> {
  const clients = new CrashClients(gateway.url, random);
  console.log(`first start: ready in ${Math.round(await gateway.start())} ms`);
  clients.letGo();
  const running = clients.run(plan.concurrency);
  const readyTimes = await killAgainAndAgain(gateway, clients, random);
  while (clients.calls.length < plan.requests) await pause(100);
  clients.stop();
  await running;
  await gateway.kill();
  readyTimes.push(await gateway.start());
  const { p50, max } = percentilesOf(readyTimes);
  console.log(`restarts: ready in ${Math.round(p50)} ms (median), ${Math.round(max)} ms (longest)`);
  return clients;
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

function printChecks(checks: readonly Check[]): number {
  for (const { name, checked, violations } of checks) {
    const verdict = violations.length === 0 ? 'passed' : `FAILED ${violations.length}`;
    console.log(`${verdict.padEnd(8)} ${name} (${checked} checked)`);
    for (const violation of violations.slice(0, 5)) console.log(`         ${violation}`);
  }
  const failed = checks.filter(({ violations }) => violations.length > 0).length;
  console.log(`\n${checks.length - failed} passed, ${failed} failed`);
  return failed;
}

console.log(`crash loop: ${plan.kills} kills, ${plan.requests} requests, seed ${plan.seed}`);
const upstream = await startChildServer('fake-upstream.ts');
const gateway = await Installation.create(benchConfiguration(upstream.url));
let failed = 1;
try {
  const clients = await runLoad(gateway, new Random(plan.seed));
  failed = printChecks(await collectChecks(gateway, clients, upstream));
} finally {
  await gateway.kill();
  await upstream.stop();
  if (failed === 0 && !values.keep) await gateway.remove();
  else console.log(`The data folder is left in ${gateway.folder}`);
}
process.exit(failed === 0 ? 0 : 1);
