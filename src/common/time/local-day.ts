const MS_PER_DAY = 86_400_000;
const MS_PER_HOUR = 3_600_000;

/** No zone was ever further ahead of UTC or behind it, with an hour to spare. */
const FURTHEST_AHEAD_MS = 15 * MS_PER_HOUR;
const FURTHEST_BEHIND_MS = 16 * MS_PER_HOUR;

const formats = new Map<string, Intl.DateTimeFormat>();

/** The calendar day that clocks in `timeZone` show at `at` (epoch ms), counted from 1970-01-01. */
export function dayNumberOf(timeZone: string, at: number): number {
  const shown: Record<string, number> = {};
  for (const { type, value } of formatOf(timeZone).formatToParts(at)) shown[type] = Number(value);
  return (
    Date.UTC(shown['year'] as number, (shown['month'] as number) - 1, shown['day']) / MS_PER_DAY
  );
}

/** The first moment (epoch ms) at which clocks in `timeZone` show the day, or a later one where they leave it out. */
export function startOfDay(timeZone: string, day: number): number {
  let before = day * MS_PER_DAY - FURTHEST_AHEAD_MS;
  let since = day * MS_PER_DAY + FURTHEST_BEHIND_MS;
  while (since - before > 1) {
    const middle = before + ((since - before) >> 1);
    if (dayNumberOf(timeZone, middle) >= day) since = middle;
    else before = middle;
  }
  return since;
}

function formatOf(timeZone: string): Intl.DateTimeFormat {
  let format = formats.get(timeZone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-US-u-ca-gregory-nu-latn', {
      timeZone,
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
    });
    formats.set(timeZone, format);
  }
  return format;
}
