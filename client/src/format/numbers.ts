import { numberFormat } from './kept-format';

/** `1,234,567`. */
export function formatCount(count: number, language: string): string {
  return numberFormat(language, { maximumFractionDigits: 0 }).format(count);
}

/** `1.2M`: for tiles and axes; the exact figure belongs into a tooltip or table. */
export function formatCompact(count: number, language: string): string {
  return numberFormat(language, {
    notation: 'compact',
    maximumSignificantDigits: 3,
  }).format(count);
}

/** A share of 1 as `12.3%`. */
export function formatShare(share: number, language: string): string {
  return numberFormat(language, { style: 'percent', maximumFractionDigits: 1 }).format(share);
}

/** Milliseconds as `85 ms`, `1.24 s` or `3.2 min`. */
export function formatDuration(milliseconds: number, language: string): string {
  const [value, unit] = durationParts(milliseconds);
  return numberFormat(language, {
    style: 'unit',
    unit,
    unitDisplay: 'short',
    maximumSignificantDigits: 3,
  }).format(value);
}

const UNIT_BYTES = 1024;
const BYTE_UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const;

/** Bytes as `1.5 MB`, in steps of 1024. */
export function formatBytes(bytes: number, language: string): string {
  const power = bytes < 1 ? 0 : Math.floor(Math.log(bytes) / Math.log(UNIT_BYTES));
  const step = Math.min(power, BYTE_UNITS.length - 1);
  return numberFormat(language, {
    style: 'unit',
    unit: BYTE_UNITS[step] ?? 'byte',
    unitDisplay: 'short',
    maximumFractionDigits: step === 0 ? 0 : 1,
  }).format(bytes / UNIT_BYTES ** step);
}

function durationParts(milliseconds: number): [number, 'millisecond' | 'second' | 'minute'] {
  if (milliseconds < 1_000) return [milliseconds, 'millisecond'];
  if (milliseconds < 60_000) return [milliseconds / 1_000, 'second'];
  return [milliseconds / 60_000, 'minute'];
}
