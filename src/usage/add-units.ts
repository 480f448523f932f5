import { UNITS, type UsageUnits } from '../providers/contract/usage-units.js';

/** The counts of both, or null when neither has any; the form of pictures is the later one's. */
export function addUnits(first: UsageUnits | null, second: UsageUnits | null): UsageUnits | null {
  if (first === null || second === null) return first ?? second;
  const sum: Record<string, unknown> = { ...first, ...second };
  for (const unit of UNITS) {
    if (sum[unit] === undefined) continue;
    sum[unit] = (first[unit] ?? 0) + (second[unit] ?? 0);
  }
  return sum;
}
