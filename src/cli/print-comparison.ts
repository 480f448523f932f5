import { formatUsd } from '../common/money/format-usd.js';
import type { ComparedLine, Comparison } from '../usage/reconciliation/compare-books.js';
import { MEASURES, type Drift, type Measure } from '../usage/reconciliation/measures.js';
import type { Output } from './output.js';

const NAMES: Readonly<Record<Measure, string>> = {
  requests: 'requests',
  inputTokens: 'input tokens',
  outputTokens: 'output tokens',
  costNanoUsd: 'cost, USD',
};

/** By day, by model and by key, a line for each figure that the vendor tells. */
export function printComparison(output: Output, { total, days, models, keys }: Comparison): void {
  printLines(output, 'DAY', [...days, total]);
  output.line('');
  printLines(output, 'MODEL', models);
  if (keys.length === 0) return;
  output.line('');
  const compared = keys.flatMap((key) => key.compared ?? []);
  if (compared.length > 0) return printLines(output, 'KEY', compared);
  output.table(
    ['KEY', 'FIGURE', 'THEIRS'],
    keys.flatMap(({ name, theirs }) =>
      MEASURES.flatMap((measure) => {
        const value = theirs[measure];
        return value === null ? [] : [[name, NAMES[measure], format(measure, value)]];
      }),
    ),
  );
  output.line('The ledger does not know which key of the provider served a request.');
}

function printLines(output: Output, title: string, lines: readonly ComparedLine[]): void {
  output.table(
    [title, 'FIGURE', 'OURS', 'THEIRS', 'DIFFERENCE', 'PERCENT'],
    lines.flatMap((line) =>
      MEASURES.flatMap((measure) => {
        const cells = cellsOf(measure, line[measure]);
        return cells === undefined ? [] : [[line.name, NAMES[measure], ...cells]];
      }),
    ),
  );
}

function cellsOf(measure: Measure, { ours, theirs, difference, percent }: Drift) {
  if (theirs === null || difference === null || percent === null) return undefined;
  return [
    format(measure, ours),
    format(measure, theirs),
    format(measure, difference),
    percent.toFixed(3),
  ];
}

function format(measure: Measure, value: number): string {
  return measure === 'costNanoUsd' ? formatUsd(value) : String(value);
}
