import * as z from 'zod/mini';
import { searchParam } from '../search-param';

/** Ranges that end now, with their length in milliseconds. */
export const RANGES = {
  '15m': 900_000,
  '1h': 3_600_000,
  '6h': 21_600_000,
  '24h': 86_400_000,
  '7d': 604_800_000,
  '30d': 2_592_000_000,
  '90d': 7_776_000_000,
} as const;
export type RangeName = keyof typeof RANGES;

export const RANGE_NAMES = Object.keys(RANGES) as RangeName[];
export const DEFAULT_RANGE: RangeName = '24h';

/**
 * The range in the address: a name, or `from` (inclusive) and `to` (exclusive) as ISO 8601. */
export const timeRangeSearch = z.object({
  range: searchParam(z.enum(RANGE_NAMES)),
  from: searchParam(z.iso.datetime({ offset: true })),
  to: searchParam(z.iso.datetime({ offset: true })),
});
export type TimeRangeSearch = z.infer<typeof timeRangeSearch>;
