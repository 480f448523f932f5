import { UNITS, type UsageUnits } from '../providers/contract/usage-units.js';
import type { UsageEntry } from './usage-entry.js';

const COUNTED = [
  'inputTokens',
  'cachedInputTokens',
  'cacheWriteTokens',
  'cacheWrite1hTokens',
  'inputAudioTokens',
  'inputImageTokens',
  'outputTokens',
  'reasoningTokens',
  'outputAudioTokens',
  'outputImageTokens',
  'webSearches',
] as const;

/**
 * The two entries that make `truth` of what is booked: a reversal under the names of the booking
 * (status, provider, model), so that every sum it went into gets it back, and a booking under the
 * names of the truth. `booked` is the request's last entry. They belong into one transaction.
 */
export function correctionOf(booked: UsageEntry, truth: UsageEntry): [UsageEntry, UsageEntry] {
  const recordedAt = Date.now();
  const reversal: UsageEntry = {
    ...booked,
    kind: 'adjusted',
    sequence: booked.sequence + 1,
    recordedAt,
    requests: -booked.requests,
    costNanoUsd: negated(booked.costNanoUsd),
    providerCostNanoUsd: negated(booked.providerCostNanoUsd),
    units: negatedUnits(booked.units),
    // Told once is enough.
    legs: [],
    usageRaw: null,
    translation: null,
  };
  for (const name of COUNTED) reversal[name] = 0 - booked[name];
  return [
    reversal,
    { ...truth, kind: 'adjusted', sequence: booked.sequence + 2, recordedAt, requests: 1 },
  ];
}

function negated(amount: number | null): number | null {
  return amount === null ? null : 0 - amount;
}

function negatedUnits(units: UsageUnits | null): UsageUnits | null {
  if (units === null) return null;
  const negative: Record<string, unknown> = { ...units };
  for (const unit of UNITS) {
    if (units[unit] !== undefined) negative[unit] = 0 - units[unit];
  }
  return negative;
}
