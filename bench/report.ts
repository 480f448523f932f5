import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { ComparisonResult, SideResult, Spread, Target } from './comparison.ts';

const HEADINGS = [
  'side',
  'CPU µs/request',
  'CPU ratio',
  'requests/s',
  'p50 ms',
  'p99 ms',
  'first chunk p50/p99',
  'chunks/s',
  'rate ratio',
  'peak MB',
  'errors',
];

/** Median of the rounds with the smallest and the largest, and the targets beside them. */
export function printComparison(result: ComparisonResult): void {
  console.log(`\n${result.name}: ${result.title} (${result.sizing.rounds} rounds)`);
  const lines = [HEADINGS, ...result.sides.map(cellsOf)];
  const widths = HEADINGS.map((_, column) =>
    Math.max(...lines.map((cells) => cells[column]!.length)),
  );
  for (const cells of lines) {
    console.log(
      `  ${cells.map((cell, column) => cell.padEnd(widths[column]!)).join('  ')}`.trimEnd(),
    );
  }
  for (const verdict of verdictsOf(result)) console.log(`  ${verdict.text}`);
}

export interface Verdict {
  readonly met: boolean;
  readonly text: string;
}

/** The gateway, which is the second side, against the targets. */
export function verdictsOf(result: ComparisonResult): Verdict[] {
  const gateway = result.sides[1];
  if (gateway === undefined) return [];
  return result.targets.map((target) => judge(gateway, target));
}

function judge(side: SideResult, target: Target): Verdict {
  const figure = side[target.figure];
  const value = typeof figure === 'number' ? figure : figure?.median;
  const goal =
    target.atMost === undefined ? `at least ${target.atLeast}` : `at most ${target.atMost}`;
  if (value === undefined) return { met: false, text: `${target.figure}: not measured (${goal})` };
  const met = value <= (target.atMost ?? Infinity) && value >= (target.atLeast ?? -Infinity);
  return { met, text: `${target.figure} ${value.toFixed(2)}, ${goal}: ${met ? 'met' : 'MISSED'}` };
}

/** Writes everything as JSON and returns the file's path, which ends with `suffix`. */
export function writeResults(results: readonly object[], quick: boolean, suffix = ''): string {
  const folder = fileURLToPath(new URL('results/', import.meta.url));
  mkdirSync(folder, { recursive: true });
  const at = new Date().toISOString();
  const file = `${folder}${at.slice(0, 19).replaceAll(':', '-')}${suffix}${quick ? '-quick' : ''}.json`;
  const machine = {
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    memoryMb: Math.round(totalmem() / 1_000_000),
    node: process.version,
  };
  writeFileSync(file, `${JSON.stringify({ at, quick, machine, results }, null, 2)}\n`);
  return file;
}

function cellsOf(side: SideResult): string[] {
  return [
    side.side,
    spread(side.cpuMicrosPerRequest, 0),
    spread(side.cpuRatio, 2),
    spread(side.requestsPerSecond, 0),
    spread(side.latencyP50Ms, 1),
    spread(side.latencyP99Ms, 1),
    side.firstChunkP50Ms === null
      ? '–'
      : `${side.firstChunkP50Ms.median.toFixed(1)} / ${side.firstChunkP99Ms!.median.toFixed(1)}`,
    spread(side.eventsPerSecond, 0),
    spread(side.rateRatio, 3),
    side.peakMemoryMb === null ? '–' : side.peakMemoryMb.toFixed(0),
    String(side.errors),
  ];
}

function spread(value: Spread | null, digits: number): string {
  if (value === null) return '–';
  const { median, min, max } = value;
  return `${median.toFixed(digits)} (${min.toFixed(digits)}–${max.toFixed(digits)})`;
}
