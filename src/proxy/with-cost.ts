import { findMember, insertIntoObject, scanObject } from '../common/json/json-text.js';
import { formatUsd } from '../common/money/format-usd.js';

/** A vendor's answer has been parsed before it comes here. */
const ANY_DEPTH = { maxDepth: Number.MAX_SAFE_INTEGER };

/**
 * Adds `cost` (USD, null when the model has no price) to the `usage` object of an answer, leaving
 * every other byte alone. A vendor's own `cost` stays as it is.
 */
export function withCost(text: string, costNanoUsd: number | null): string {
  const usage = findMember(scanObject(text, ANY_DEPTH), 'usage');
  if (usage === undefined || text[usage.valueStart] !== '{') return text;
  const members = scanObject(text.slice(usage.valueStart, usage.valueEnd), ANY_DEPTH);
  if (findMember(members, 'cost') !== undefined) return text;
  const cost = costNanoUsd === null ? 'null' : formatUsd(costNanoUsd);
  return insertIntoObject(text, usage.valueStart, usage.valueEnd, 'cost', cost);
}
