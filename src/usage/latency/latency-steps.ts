/** From each power of ten on, in units of a tenth of it: below so much, steps are so long. */
const STEPS = [
  { below: 20, step: 1 },
  { below: 50, step: 2 },
  { below: 100, step: 5 },
] as const;
const UNITS = [1, 10, 100, 1_000, 10_000, 100_000] as const;

/** What takes longer than this, in milliseconds, is not told apart. */
export const LONGEST_MS = 10_000_000;

/** Rounds a column of milliseconds down to its step, in SQL; the same as the ledger's trigger. */
export function roundedDown(column: string): string {
  const steps = UNITS.flatMap((unit) =>
    STEPS.map(
      ({ below, step }) =>
        `WHEN ${column} < ${below * unit} THEN ${column} - ${column} % ${step * unit}`,
    ),
  );
  return `CASE WHEN ${column} < 10 THEN ${column} ${steps.join(' ')} ELSE ${LONGEST_MS} END`;
}

/** How far it is from a step, as `roundedDown` gives it, to the next one: a tenth of it at most. */
function stepAfter(start: number): number {
  if (start < 10 || start >= LONGEST_MS) return 1;
  for (const unit of UNITS) {
    for (const { below, step } of STEPS) if (start < below * unit) return step * unit;
  }
  return 1;
}

/** Where a request stands in its step, in milliseconds, when it is the so-and-so-many-th of those in it. */
export function placeWithin(
  start: number,
  { place, of }: { readonly place: number; readonly of: number },
): number {
  return Math.floor(start + (stepAfter(start) * (place - 0.5)) / of);
}
