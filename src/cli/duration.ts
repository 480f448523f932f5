const UNITS: Readonly<Record<string, number>> = {
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

/** Milliseconds of `90s`, `15m`, `24h`, `30d`, `2w` or `0`; undefined for anything else. */
export function parseDuration(text: string): number | undefined {
  if (text === '0') return 0;
  const match = /^(\d{1,6})([smhdw])$/.exec(text);
  if (match === null) return undefined;
  return Number(match[1]) * (UNITS[match[2] as string] as number);
}
