import { measureRounds, type LoadShape, type Round, type Side } from './side.ts';

export type ComparisonName = 'unary' | 'stream' | 'burst' | 'many';

/** Middle, smallest and largest of the rounds. */
export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/** A figure with the ceiling or floor that the project sets itself. */
export interface Target {
  readonly figure: 'cpuRatio' | 'rateRatio' | 'peakMemoryMb';
  readonly atMost?: number;
  readonly atLeast?: number;
}

/** What is compared, how much of it, and how well it should come out. */
export interface Comparison {
  readonly name: ComparisonName;
  readonly title: string;
  readonly floor: 'json' | 'pipe';
  readonly targets: readonly Target[];
  readonly full: Sizing;
  readonly quick: Sizing;
  readonly shape: Pick<LoadShape, 'stream' | 'chunks' | 'intervalMs'>;
}

interface Sizing {
  readonly rounds: number;
  readonly requests: number;
  readonly concurrency: number;
  readonly warmUp: number;
  readonly rampMs: number;
  /** Wins over the comparison's own. */
  readonly chunks?: number;
}

/** One side's figures; ratios are to the floor of the same round. */
export interface SideResult {
  readonly side: string;
  readonly errors: number;
  readonly errorSamples: readonly string[];
  readonly requestsPerSecond: Spread;
  readonly latencyP50Ms: Spread;
  readonly latencyP99Ms: Spread;
  readonly firstChunkP50Ms: Spread | null;
  readonly firstChunkP99Ms: Spread | null;
  readonly eventsPerSecond: Spread | null;
  readonly cpuMicrosPerRequest: Spread | null;
  readonly peakMemoryMb: number | null;
  readonly cpuRatio: Spread | null;
  readonly throughputRatio: Spread;
  readonly rateRatio: Spread | null;
}

export interface ComparisonResult {
  readonly name: ComparisonName;
  readonly title: string;
  readonly sizing: Sizing;
  readonly targets: readonly Target[];
  readonly sides: readonly SideResult[];
}

export const COMPARISONS: readonly Comparison[] = [
  {
    name: 'unary',
    title: 'unary chat, 32 at a time, against a relay that parses and writes JSON',
    floor: 'json',
    targets: [{ figure: 'cpuRatio', atMost: 3 }],
    shape: { stream: false, chunks: 0, intervalMs: 0 },
    full: { rounds: 7, requests: 6000, concurrency: 32, warmUp: 6000, rampMs: 0 },
    quick: { rounds: 3, requests: 2000, concurrency: 32, warmUp: 3000, rampMs: 0 },
  },
  {
    name: 'stream',
    title: 'streams of 100 chunks, one each 5 ms, 40 at a time, against a pipe',
    floor: 'pipe',
    targets: [{ figure: 'cpuRatio', atMost: 2 }],
    shape: { stream: true, chunks: 100, intervalMs: 5 },
    full: { rounds: 7, requests: 400, concurrency: 40, warmUp: 200, rampMs: 500 },
    quick: { rounds: 3, requests: 200, concurrency: 40, warmUp: 120, rampMs: 500 },
  },
  {
    name: 'burst',
    title: 'streams of 100 chunks as fast as they are taken, 16 at a time, against a pipe',
    floor: 'pipe',
    targets: [],
    shape: { stream: true, chunks: 100, intervalMs: 0 },
    full: { rounds: 7, requests: 2000, concurrency: 16, warmUp: 1000, rampMs: 0 },
    quick: { rounds: 3, requests: 600, concurrency: 16, warmUp: 600, rampMs: 0 },
  },
  {
    name: 'many',
    title: '500 streams at once, 50 chunks/s each, against a pipe',
    floor: 'pipe',
    targets: [
      { figure: 'rateRatio', atLeast: 0.97 },
      { figure: 'peakMemoryMb', atMost: 250 },
    ],
    shape: { stream: true, chunks: 500, intervalMs: 20 },
    full: { rounds: 3, requests: 500, concurrency: 500, warmUp: 20, rampMs: 2000 },
    quick: { rounds: 1, requests: 500, concurrency: 500, warmUp: 20, rampMs: 1000, chunks: 200 },
  },
];

/** `sides[0]` is the floor. */
export async function runComparison(
  comparison: Comparison,
  sides: readonly Side[],
  quick: boolean,
): Promise<ComparisonResult> {
  const sizing = quick ? comparison.quick : comparison.full;
  const chunks = sizing.chunks ?? comparison.shape.chunks;
  const { requests, concurrency, rampMs } = sizing;
  const shape = { ...comparison.shape, chunks, requests, concurrency, rampMs };
  const warmUp = { ...shape, requests: sizing.warmUp, chunks: Math.min(chunks, 100) };
  warmUp.concurrency = Math.min(concurrency, sizing.warmUp);
  const measured = await measureRounds(sides, shape, sizing.rounds, warmUp);
  const floor = measured.get(sides[0]!)!;
  return {
    name: comparison.name,
    title: comparison.title,
    sizing,
    targets: comparison.targets,
    sides: sides.map((side) => summarize(side, measured.get(side)!, floor)),
  };
}

function summarize(side: Side, rounds: readonly Round[], floor: readonly Round[]): SideResult {
  const each = (pick: (round: Round) => number | null | undefined): Spread | null =>
    spreadOf(rounds.map(pick));
  const ratio = (pick: (round: Round) => number | null | undefined): Spread | null =>
    spreadOf(rounds.map((round, index) => divide(pick(round), pick(floor[index]!))));
  const memory = rounds.map((round) => round.peakMemoryBytes ?? 0);
  return {
    side: side.name,
    errors: rounds.reduce((sum, round) => sum + round.load.errors, 0),
    errorSamples: rounds.flatMap((round) => round.load.errorSamples).slice(0, 5),
    requestsPerSecond: each((round) => round.load.requestsPerSecond)!,
    latencyP50Ms: each((round) => round.load.latencyMs.p50)!,
    latencyP99Ms: each((round) => round.load.latencyMs.p99)!,
    firstChunkP50Ms: each((round) => round.load.firstChunkMs?.p50),
    firstChunkP99Ms: each((round) => round.load.firstChunkMs?.p99),
    eventsPerSecond: each((round) => round.load.sustainedEventsPerSecond),
    cpuMicrosPerRequest: each((round) => round.cpuMicrosPerRequest),
    peakMemoryMb: side.pid === undefined ? null : Math.max(...memory) / 1_000_000,
    cpuRatio: ratio((round) => round.cpuMicrosPerRequest),
    throughputRatio: ratio((round) => round.load.requestsPerSecond)!,
    rateRatio: ratio((round) => round.load.sustainedEventsPerSecond),
  };
}

function divide(above: number | null | undefined, below: number | null | undefined): number | null {
  return above == null || below == null || below === 0 ? null : above / below;
}

/** Null when a round has no such figure. */
export function spreadOf(values: ReadonlyArray<number | null | undefined>): Spread | null {
  if (values.length === 0 || values.some((value) => value == null)) return null;
  const sorted = (values as number[]).toSorted((left, right) => left - right);
  const middle = Math.floor(sorted.length / 2);
  const median =
    sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
  return { median, min: sorted[0]!, max: sorted.at(-1)! };
}
