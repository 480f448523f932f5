import type { ReportedUsage } from '../../providers/contract/usage-report.js';
import { fold, modelNamer } from './model-names.js';
import {
  addMeasures,
  driftOf,
  JUDGED,
  NOTHING_TOLD,
  type Drift,
  type Measure,
  type Measures,
} from './measures.js';
import { reportedNanoUsd } from './reported-cost.js';

/** What the ledger has of one model on one day. */
export interface BookedUsage extends Measures {
  readonly day: string;
  readonly model: string;
}

export type ComparedLine = { readonly name: string } & Readonly<Record<Measure, Drift>>;

export interface Comparison {
  readonly total: ComparedLine;
  readonly days: readonly ComparedLine[];
  readonly models: readonly ComparedLine[];
  readonly keys: readonly ComparedKey[];
}

/** By the vendor's id of a provider key. */
export interface ComparedKey {
  readonly name: string;
  readonly theirs: Measures;
  /**
   * The ledger does not know which key of a provider served a request; where the vendor tells of
   * one alone, it was that.
   */
  readonly compared: ComparedLine | null;
}

/** Lines of the vendor that name no model: tools, storage, credits. */
export const NO_MODEL = '(no model)';

export function compareBooks(
  booked: readonly BookedUsage[],
  reported: readonly ReportedUsage[],
): Comparison {
  const nameOf = modelNamer(booked.map(({ model }) => model));
  const theirs = reported.map((line) => ({ line, measures: measuresOf(line) }));
  const compare = (
    ourName: (usage: BookedUsage) => string,
    theirName: (line: ReportedUsage) => string,
  ) =>
    linesOf(
      fold(booked, ourName, (usage) => usage),
      fold(
        theirs,
        ({ line }) => theirName(line),
        ({ measures }) => measures,
      ),
    );
  const [total] = compare(
    () => 'total',
    () => 'total',
  );
  return {
    total: total ?? compareLine('total', NOTHING_TOLD, NOTHING_TOLD),
    days: compare(
      ({ day }) => day,
      ({ day }) => day,
    ),
    models: compare(
      ({ model }) => nameOf(model),
      ({ model }) => (model === null ? NO_MODEL : nameOf(model)),
    ),
    keys: compareKeys(booked, theirs),
  };
}

/** Whether any day or model drifts by more than so many percent. */
export function exceeds({ days, models }: Comparison, tolerancePercent: number): boolean {
  return [...days, ...models].some((line) =>
    JUDGED.some((measure) => (line[measure].percent ?? 0) > tolerancePercent),
  );
}

function compareKeys(
  booked: readonly BookedUsage[],
  reported: readonly { line: ReportedUsage; measures: Measures }[],
): ComparedKey[] {
  // Costs are told of no key.
  const ofKeys = reported.filter(({ line }) => line.costUsd === null);
  const keys = fold(
    ofKeys.filter(({ line }) => line.apiKeyId !== null),
    ({ line }) => line.apiKeyId ?? '',
    ({ measures }) => measures,
  );
  const isAlone = keys.size === 1 && ofKeys.every(({ line }) => line.apiKeyId !== null);
  const ours = booked.reduce<Measures>(addMeasures, NOTHING_TOLD);
  return [...keys].map(([name, theirs]) => ({
    name,
    theirs,
    compared: isAlone ? compareLine(name, ours, theirs) : null,
  }));
}

function linesOf(
  ours: ReadonlyMap<string, Measures>,
  theirs: ReadonlyMap<string, Measures>,
): ComparedLine[] {
  // Where a vendor tells a figure of nothing at all, it does not count it; else silence is zero.
  const told = [...theirs.values()].reduce(addMeasures, NOTHING_TOLD);
  const names = [...new Set([...ours.keys(), ...theirs.keys()])].toSorted();
  return names.map((name) =>
    compareLine(
      name,
      ours.get(name) ?? NOTHING_TOLD,
      addMeasures(theirs.get(name) ?? NOTHING_TOLD, zeroWhere(told)),
    ),
  );
}

function compareLine(name: string, ours: Measures, theirs: Measures): ComparedLine {
  const drift = (measure: Measure) => driftOf(ours[measure] ?? 0, theirs[measure]);
  return {
    name,
    requests: drift('requests'),
    inputTokens: drift('inputTokens'),
    outputTokens: drift('outputTokens'),
    costNanoUsd: drift('costNanoUsd'),
  };
}

function zeroWhere(told: Measures): Measures {
  const zero = (value: number | null) => (value === null ? null : 0);
  return {
    requests: zero(told.requests),
    inputTokens: zero(told.inputTokens),
    outputTokens: zero(told.outputTokens),
    costNanoUsd: zero(told.costNanoUsd),
  };
}

function measuresOf({ requests, inputTokens, outputTokens, costUsd }: ReportedUsage): Measures {
  const costNanoUsd = costUsd === null ? null : reportedNanoUsd(costUsd);
  return { requests, inputTokens, outputTokens, costNanoUsd };
}
