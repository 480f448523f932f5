import { findMember, insertIntoObject, scanObject } from '../common/json/json-text.js';
import { formatUsd } from '../common/money/format-usd.js';

/** A vendor's answer has been parsed before it comes here. */
const ANY_DEPTH = { maxDepth: Number.MAX_SAFE_INTEGER };

/**
 * Adds `cost` (USD, null when the model has no price) to the `usage` object of an answer, leaving
 * every other byte alone. A vendor's own `cost` stays as it is.
 * @param within members that lead to the object that has the `usage`; none where the text itself has it
 */
export function withCost(
  text: string,
  costNanoUsd: number | null,
  within: readonly string[] = [],
): string {
  const usage = findObject(text, [...within, 'usage']);
  if (usage === undefined) return text;
  const members = scanObject(text.slice(usage.start, usage.end), ANY_DEPTH);
  if (findMember(members, 'cost') !== undefined) return text;
  const cost = costNanoUsd === null ? 'null' : formatUsd(costNanoUsd);
  return insertIntoObject(text, usage.start, usage.end, 'cost', cost);
}

/** Where the object stands that the members lead to; the end is exclusive. */
function findObject(
  text: string,
  path: readonly string[],
): { readonly start: number; readonly end: number } | undefined {
  let start = 0;
  let end = text.length;
  for (const key of path) {
    const member = findMember(scanObject(text.slice(start, end), ANY_DEPTH), key);
    if (member === undefined) return undefined;
    end = start + member.valueEnd;
    start += member.valueStart;
    if (text[start] !== '{') return undefined;
  }
  return { start, end };
}
