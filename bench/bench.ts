/**
 * The gateway beside a bare Node relay, in one run, against the same fake upstream.
 *
 *   node bench/bench.ts [--quick] [--only unary|stream|burst|many] [--assert] [--self-check]
 *     [--ledger-only]
 *     [--upstream-port 0] [--peer name=url[,pid]] [--peer-key sk-…] [--peer-model gpt-4o-mini]
 *
 * `--ledger-only` leaves limits and budgets out. Prints a table per comparison and writes `bench/results/<date>.json`. Exits with 0 when everything
 * ran and no request failed; with `--assert` also a missed target is a failure. `--self-check` puts
 * a second relay in the gateway's place: its ratios should be 1, and how far they are from it is the
 * noise of the machine. nginx takes part where it is installed. A peer has to send its calls to the fake upstream, so give that a port.
 */
import { parseArgs } from 'node:util';
import {
  benchConfiguration,
  CLIENT_KEY,
  ledgerConfiguration,
  MODEL,
} from './bench-configuration.ts';
import { startChildServer, type ChildServer } from './child-server.ts';
import {
  COMPARISONS,
  runComparison,
  type Comparison,
  type ComparisonResult,
} from './comparison.ts';
import { Installation } from './installation.ts';
import { startNginx } from './nginx.ts';
import { printComparison, verdictsOf, writeResults } from './report.ts';
import type { Side } from './side.ts';

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string', multiple: true, default: [] },
    assert: { type: 'boolean', default: false },
    'self-check': { type: 'boolean', default: false },
    'ledger-only': { type: 'boolean', default: false },
    'upstream-port': { type: 'string', default: '0' },
    peer: { type: 'string', multiple: true, default: [] },
    'peer-key': { type: 'string', default: CLIENT_KEY },
    'peer-model': { type: 'string', default: MODEL },
  },
});

const chosen = COMPARISONS.filter(
  ({ name }) => values.only.length === 0 || values.only.includes(name),
);
if (chosen.length === 0) {
  throw new Error(`--only takes ${COMPARISONS.map(({ name }) => name).join(', ')}.`);
}

/** `name=url` or `name=url,pid`. */
function parsePeer(text: string): Side {
  const match = /^([^=]+)=(https?:\/\/[^,]+)(?:,(\d+))?$/.exec(text);
  if (match === null) throw new Error(`--peer takes name=url or name=url,pid, not "${text}".`);
  return {
    name: match[1]!,
    url: match[2]!,
    pid: match[3] === undefined ? undefined : Number(match[3]),
    key: values['peer-key'],
    model: values['peer-model'],
  };
}

function sideOf(name: string, server: { url: string; pid: number }): Side {
  return { name, url: server.url, pid: server.pid, key: CLIENT_KEY, model: MODEL };
}

async function startRelay(upstream: ChildServer, mode: Comparison['floor']): Promise<ChildServer> {
  return startChildServer('bare-relay.ts', ['--upstream', upstream.url, '--mode', mode]);
}

/** All servers are started anew for each comparison, so that none inherits another's memory. */
async function compare(upstream: ChildServer, comparison: Comparison): Promise<ComparisonResult> {
  const stops: Array<() => Promise<void>> = [];
  const sides: Side[] = [];
  const join = (name: string, server: ChildServer): void => {
    stops.push(() => server.stop());
    sides.push(sideOf(name, server));
  };
  try {
    join(`bare ${comparison.floor}`, await startRelay(upstream, comparison.floor));
    if (values['self-check']) join('twin', await startRelay(upstream, comparison.floor));
    else join('llm-proxy', await startGateway(upstream));
    const nginx = await startNginx(upstream.url);
    if (nginx !== undefined) join('nginx', nginx);
    sides.push(...values.peer.map(parsePeer));
    return await runComparison(comparison, sides, values.quick);
  } finally {
    for (const stop of stops) await stop();
    await fetch(`${upstream.url}/record`, { method: 'DELETE' });
  }
}

async function startGateway(upstream: ChildServer): Promise<ChildServer> {
  const configurationOf = values['ledger-only'] ? ledgerConfiguration : benchConfiguration;
  const gateway = await Installation.create(configurationOf(upstream.url), {
    UPSTREAM_MAX_CONNECTIONS: '1024',
  });
  await gateway.start();
  return { url: gateway.url, pid: gateway.pid, stop: () => gateway.remove() };
}

const upstream = await startChildServer('fake-upstream.ts', ['--port', values['upstream-port']]);
const results: ComparisonResult[] = [];
try {
  for (const comparison of chosen) {
    const result = await compare(upstream, comparison);
    printComparison(result);
    results.push(result);
  }
} finally {
  await upstream.stop();
}
console.log(`\nWritten to ${writeResults(results, values.quick)}`);

const failures = results.flatMap(({ name, sides }) =>
  sides
    .filter(({ errors }) => errors > 0)
    .map(
      (side) => `${name}: ${side.side} had ${side.errors} errors, such as: ${side.errorSamples[0]}`,
    ),
);
if (values.assert) {
  const missed = results.flatMap(verdictsOf).filter(({ met }) => !met);
  failures.push(...missed.map(({ text }) => text));
}
for (const failure of failures) console.error(`FAILED ${failure}`);
process.exitCode = failures.length === 0 ? 0 : 1;
